using Drover.Api;
using Drover.Core;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>A run's row as the API shows it.</summary>
internal static class RunView
{
    public static RunJson Brief(Db db, RunRow run, UsageView usage, DateTimeOffset now) =>
        Show(db, run, null, Status(db, run, now), usage.Of(run, TurnTable.Of(db, run.Id)));

    /// <summary>With the exact prompt, the command line, the turns and the messages.</summary>
    public static RunJson Whole(Db db, RunRow run, UsageView usage, DateTimeOffset now)
    {
        var turns = TurnTable.Of(db, run.Id);
        return Show(db, run, RunTable.OrderOf(db, run.Id), Status(db, run, now), usage.Of(run, turns)) with
        {
            Turns = usage.Turns(turns),
            Messages = [.. SteerTable.Of(db, run.Id).Select(SteerView.Of)],
        };
    }

    public static RunLineJson Line(Db db, RunRow run, UsageView usage, DateTimeOffset now)
    {
        var status = Status(db, run, now);
        return new(run.Id.Value, run.Name.Value, run.Project.Value, run.Ticket?.ToString(), run.Attempt?.ToString(), run.Agent, run.State.Word(),
            status.Status.Word(), status.Evidence, status.Since, run.CreatedAt, usage.Of(run, TurnTable.Of(db, run.Id)));
    }

    /// <summary>Derived afresh each time; it is stored nowhere.</summary>
    public static ShownStatus Status(Db db, RunRow run, DateTimeOffset now)
    {
        var turns = TurnTable.Of(db, run.Id);
        var turn = turns.Find(t => t.EndedAt is null);
        var asked = ApprovalTable.Pending(db, run.Id);
        var facts = new StatusFacts(run.State, run.EndedAt ?? run.StartedAt ?? run.CreatedAt, Process(run), run.LookFailedAt ?? now, run.Progress.LastEventAt)
        {
            Ending = run.Ending,
            Asked = asked.Count,
            AskedAt = asked is [{ AskedAt: var since }, ..] ? since : null,
            Limit = Limit(run, turns, now),
            StartsAt = run.Process is null ? run.Wait.Until : null,
            Silence = run.Silence,
            TurnAt = turn?.OpenedAt,
            ToolAt = run.Progress.OpenTools > 0 ? run.Progress.LastEventAt ?? turn?.OpenedAt : null,
        };
        return StatusRules.Of(facts, now);
    }

    /// <summary>What Drover waits for, else what the agent itself does.</summary>
    private static LimitFact? Limit(RunRow run, List<TurnRow> turns, DateTimeOffset now)
    {
        if (run is { State: RunState.Settled }) return null;
        if (run.Wait is { Until: { } goesOn, Since: { } since } && turns.FindLast(t => t.Result is { } r && WaitRules.IsTransient(r)) is { Result: { } turn })
            return new(turn.Class ?? FailureClass.Other, $"{turn.Reason}; the same conversation goes on then", since, goesOn);

        return run.Progress.LimitedUntil is { } until ? new(FailureClass.UsageLimit, "the vendor refuses requests", run.Progress.LastEventAt ?? now, until) : null;
    }

    private static RunJson Show(Db db, RunRow run, RunOrder? order, ShownStatus status, UsageJson usage) => new(
        run.Id.Value, run.Name.Value, run.Project.Value, run.Ticket?.ToString(), run.Attempt?.ToString(), run.Role.Word(), run.Agent, run.State.Word(),
        status.Status.Word(), status.Evidence, status.Since, run.Ending?.Outcome.Word(), run.Ending?.Class.Word(), run.Ending?.Reason, run.Ending?.Actor.ToString(),
        run.Ending?.ResetsAt, run.Conversation.VendorId, run.Model, run.Worktree, run.NoWorktree ? null : run.Attempt?.Branch.Value, run.Base?.Value,
        run.Result.Head?.Value, run.Result.Summary, run.Result.Note, Work(run),
        usage, run.Containment.Word(), run.Sandbox, order?.Prompt, order?.Command, run.CreatedAt, run.StartedAt, run.EndedAt)
    {
        ResumeOf = run.ResumeOf?.Value,
        ForkOf = run.ForkOf is { } original ? ConversationTable.Get(db, original)?.VendorId : null,
        FreshReason = run.FreshReason,
        WaitingUntil = run.Wait.Until,
    };

    private static SettledWorkJson? Work(RunRow run) => run.Result.Commits is not { } commits ? null
        : new(commits, run.Result.FilesChanged ?? 0, run.Result.Insertions ?? 0, run.Result.Deletions ?? 0, run.Result.Dirty);

    private static ProcessFact Process(RunRow run) => run switch
    {
        { Process: null } => ProcessFact.None,
        { Exit: not null } => ProcessFact.Gone,
        { LookFailedAt: not null } => ProcessFact.NotSeen,
        _ => ProcessFact.Alive,
    };
}
