using Drover.Api;
using Drover.Core;
using Drover.Server.Journaling;
using Drover.Server.Runs;

namespace Drover.Server.Tickets;

/// <summary>A ticket with what has been done on it, and what it waits for.</summary>
internal static class TicketView
{
    public static TicketJson Whole(Db db, TicketKey key, UsageView usage, DateTimeOffset now)
    {
        var ticket = TicketCommands.Get(db, key);
        var landing = LandingTable.Of(db, key).FirstOrDefault();
        var runs = RunTable.Of(db, key);
        return TicketCommands.Show(db, ticket) with
        {
            Work = new(
                [.. AttemptTable.Of(db, key).Select(Show)],
                [.. runs.Select(r => RunView.Line(db, r, usage, now))],
                landing is null ? null : new(key.ToString(), landing.Attempt.ToString(), landing.State.Word(), landing.New?.Value, landing.Reason),
                landing is null ? [] : [.. Newest(db, landing).Select(Show)], usage.Of(db, runs)),
        };
    }

    public static WhyJson Why(Db db, TicketKey key, DateTimeOffset now, Why? waiting = null)
    {
        var ticket = TicketCommands.Get(db, key);
        var run = TicketCommands.ActiveRun(db, key);
        var status = run is null ? null : RunView.Status(db, run, now);
        var why = WhyRules.Of(new(key, ticket.Stage, ticket.Blocked?.Reason, ticket.Held?.Reason, ticket.Held?.By, run?.Name, status?.Status, Landing(db, ticket))
        {
            Waiting = waiting is null ? null : waiting with { Text = LastEnd(db, ticket) + waiting.Text },
            Evidence = run?.FreshReason is { } fresh ? $"{status?.Evidence}; it began a new conversation, since {fresh}" : status?.Evidence,
        });
        return new(key.ToString(), ticket.Stage.Word(), why.Code, why.Text);
    }

    /// <summary>How the run ended that a ticket in coding goes on from, as a sentence before what it waits for.</summary>
    private static string LastEnd(Db db, TicketRow ticket) =>
        ticket.Stage == Stage.Coding && RunTable.Of(db, ticket.Key) is [{ Ending: { Class: { } cause } ending } run, ..] ? $"{run.Name} failed ({cause.Word()}): {ending.Reason.TrimEnd('.')}. " : "";

    /// <summary>Null while nothing of the open attempt is on its way.</summary>
    private static string? Landing(Db db, TicketRow ticket)
    {
        if (AttemptTable.Of(db, ticket.Key).FindLast(a => a.ClosedAt is null) is not { } attempt) return null;
        return LandingTable.Of(db, ticket.Key).Find(l => l.Attempt == attempt.Id) is { } landing
            ? LandingWords.Of(ticket.Key, landing.State, landing.Target, landing.Reason, Newest(db, landing).Count(r => r.Passed)) : null;
    }

    /// <summary>The newest result of each gate on the tree that would land, in the order they ran.</summary>
    private static IEnumerable<ReceiptRow> Newest(Db db, LandingRow landing) =>
        landing.Tree is not { } tree ? [] : ReceiptTable.Of(db, landing.Project, tree).DistinctBy(r => r.Gate).Reverse();

    private static AttemptJson Show(AttemptRow attempt) => new(
        attempt.Id.ToString(), attempt.Branch.Value, attempt.WorktreeState == WorktreeState.Removed ? null : attempt.Worktree, attempt.WorktreeState.Word(),
        attempt.Base?.Value, attempt.Head?.Value, attempt.CreatedAt, attempt.LandedAt, attempt.ClosedAt, attempt.CloseReason);

    private static GateResultJson Show(ReceiptRow receipt) => new(
        receipt.Gate, receipt.Passed, receipt.ExitCode, (long)receipt.Duration.TotalMilliseconds, receipt.Tree.Value, receipt.OutputTail, receipt.At);
}
