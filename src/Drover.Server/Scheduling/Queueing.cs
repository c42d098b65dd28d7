using Drover.Api;
using Drover.Core;
using Drover.Server.Http;
using Drover.Server.Journaling;
using Drover.Server.Runs;
using Problems = Drover.Api.Problems;

namespace Drover.Server.Scheduling;

/// <summary>A person's start for which there is no room: the go stands, and the scheduler makes the start when there is.</summary>
internal static class Queueing
{
    /// <exception cref="Refusal">It is of a kind that only its person can repeat.</exception>
    public static QueuedJson Do(Tx tx, RunWish wish, ClaimVerdict.Queued why, Principal who)
    {
        if (wish.NoWorktree) throw new Refusal(Problems.AtCap, $"{why.Text}; a run in your own checkout is not queued, try again then");
        if (!who.IsHuman) throw new Refusal(Problems.AtCap, $"{why.Text}; only a human's start is queued");
        var ticket = TicketTable.Get(tx, wish.Ticket)!;
        var about = new Subject(ticket.Project, ticket.Key);
        if (TicketTable.Unblock(tx, ticket.Key)) tx.Emit(EventTypes.TicketUnblocked, about, who, EventBody.Object(("reason", "a run was asked for"), ("was", ticket.Blocked?.Reason)));
        // From coding too: the bad end that blocked it there would block it again.
        foreach (var from in (ReadOnlySpan<Stage>)[Stage.Backlog, Stage.Coding])
        {
            if (TicketTable.Move(tx, ticket.Key, from, Stage.Ready))
                tx.Emit(EventTypes.TicketMoved, about, who, EventBody.Object(("from", from.Word()), ("to", Stage.Ready.Word()), ("reason", "a run was asked for")));
        }

        TicketTable.SetWish(tx, ticket.Key, new(wish.Agent, wish.Instruction, wish.Cleanup, who));
        tx.Emit(EventTypes.TicketQueued, about, who, EventBody.Object(("cause", why.Cause.Word()), ("text", why.Text), ("agent", wish.Agent)));
        return new(ticket.Key.ToString(), why.Cause.Word(), $"{why.Text}; it starts by itself when there is room", why.Until);
    }
}
