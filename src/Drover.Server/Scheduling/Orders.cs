using Drover.Core;
using Drover.Server.Journaling;
using Drover.Server.Runs;

namespace Drover.Server.Scheduling;

/// <summary>What a run is ordered to do that the scheduler starts: what a person asked for while there was no room, what was found wrong with the work, and the conversation to go on with.</summary>
internal static class Orders
{
    public static RunWish Of(Tx tx, Decision decision)
    {
        var ticket = TicketTable.Get(tx, decision.Ticket)!;
        var findings = FeedbackTable.Ungiven(tx, ticket.Key);
        var said = findings.Count > 0 ? FeedbackPrompt.Write([.. findings.Select(f => f.Text)], ticket.Pace.Wish?.Instruction) : ticket.Pace.Wish?.Instruction;
        return new(ticket.Key, null, decision.Role, said, false, ticket.Pace.Wish?.Cleanup ?? false)
        {
            Source = Last(tx, ticket.Key, decision.Role),
            BeginsAnew = ticket.Pace.BeginsAnew,
            Findings = findings,
        };
    }

    /// <summary>The newest settled run of the role on the ticket's open attempt.</summary>
    private static RunRow? Last(Tx tx, TicketKey ticket, Role role) =>
        AttemptTable.Of(tx, ticket).FindLast(a => a.ClosedAt is null && a.WorktreeState is not (WorktreeState.Removing or WorktreeState.Removed)) is { } attempt
            ? RunTable.Of(tx, attempt.Project, attempt.Id).Find(r => r is { State: RunState.Settled, NoWorktree: false, BegunAt: not null } && r.Role == role) : null;
}
