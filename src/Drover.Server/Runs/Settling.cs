using Drover.Core;
using Drover.Node.Repositories;
using Drover.Node.Trees;
using Drover.Server.Journaling;
using Drover.Server.Projects;

namespace Drover.Server.Runs;

/// <summary>Ends a run whose process is gone: looks at what it left, saves what is not committed, and writes outcome, reason and actor. Whatever of it fails,
/// the rest is done, and the first error stays the reason.</summary>
internal sealed class Settling(RunPlace place, RunRow run)
{
    public async Task Do(string? note, CancellationToken ct)
    {
        var left = await TryLeavings(ct);
        var result = left with { Note = Notes(note, left.Note) };
        var settings = RunSettings.Parse(place.Journal.Read(db => RunTable.OrderOf(db, run.Id))!.Settings);
        // It looks at the disk, which a transaction does not.
        var obstacle = Resumption.Obstacle(place, run, settings);
        await place.Journal.Do(Priority.Urgent, tx => Settle(tx, result, settings.Limits, obstacle));
        place.Crash.At(CrashPoint.RunSettled);
        var settled = place.Journal.Read(db => RunTable.Get(db, run.Id))!;
        RunLog.Settled(place.Log, run.Id.Value, settled.Ending!.Outcome.Word(), settled.Ending.Reason);
    }

    private async Task<RunResult> TryLeavings(CancellationToken ct)
    {
        try
        {
            return await Leavings(ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or GitFailedException or ProjectUnusableException)
        {
            RunLog.Trouble(place.Log, e, run.Id.Value);
            return new() { Note = $"its worktree could not be looked at: {e.Message}" };
        }
    }

    /// <summary>The worktree's facts, for every outcome. What is not committed goes to a salvage ref; the worktree itself stays as it is.</summary>
    private async Task<RunResult> Leavings(CancellationToken ct)
    {
        if (await RunWorktree.Of(place, run, ct) is not { } worktree || run is not { Base: { } start, Attempt: { } attempt }) return new();
        var facts = await Facts.Read(worktree, start, ct);
        var saved = facts.UncommittedCount == 0 ? null : await new Salvage(worktree.Repository).SaveUncommitted(worktree, attempt, ct);
        if (saved is not null) place.Crash.At(CrashPoint.Salvaged);
        return new()
        {
            Head = facts.Head,
            Commits = facts.Commits,
            FilesChanged = facts.Stat.Files,
            Insertions = facts.Stat.Insertions,
            Deletions = facts.Stat.Deletions,
            Dirty = [.. facts.Uncommitted.Select(c => c.Path)],
            SalvageRef = saved?.Name,
            Note = Note(facts, saved),
        };
    }

    private static string? Note(Facts facts, Salvaged? saved) => facts.UncommittedCount == 0 ? null
        : $"worktree has {facts.UncommittedCount} uncommitted file{(facts.UncommittedCount == 1 ? "" : "s")}: "
            + string.Join(", ", facts.Uncommitted.Take(10).Select(c => c.Path)) + (facts.UncommittedCount > 10 ? ", …" : "")
            + (saved is null ? "" : $"; saved as {saved.Name} (`drover salvage show {saved.Name}`)");

    private static string? Notes(params ReadOnlySpan<string?> notes)
    {
        var kept = string.Join("\n", notes.ToArray().Where(n => !string.IsNullOrEmpty(n)).SelectMany(n => n!.Split('\n')).Distinct());
        return kept.Length == 0 ? null : kept;
    }

    private void Settle(Tx tx, RunResult result, RunLimits limits, string? cannotResume)
    {
        if (RunTable.Get(tx, run.Id) is not { State: not RunState.Settled } now) return;
        var about = new Subject(run.Project, run.Ticket, run.Id);
        // A former process of the agent may have left a note.
        RunTable.RecordResult(tx, run.Id, result with { Note = Notes(now.Result.Note, result.Note) });
        if (result.Dirty.Count > 0) tx.Emit(EventTypes.Log, about, RunActor.Loop, EventBody.Object(("level", "warn"), ("text", result.Note)));
        if (result.SalvageRef is { } saved) tx.Emit(EventTypes.SalvageSaved, about, RunActor.Loop, EventBody.Object(("salvage", saved)));
        var last = TurnTable.LastOfProcess(tx, run.Id);
        var facts = new RunFacts
        {
            Role = run.Role,
            State = now.State,
            HasWorktree = !run.NoWorktree,
            Stop = StopThatCounts(now),
            Fault = now.Fault,
            LastTurn = last?.Result,
            LastTurnAt = last?.EndedAt ?? default,
            Patience = limits.PatienceOf(now),
            Turns = last?.Number ?? 0,
            MostTurns = limits.Turns,
            CannotResume = cannotResume,
            Commits = result.Commits,
        };
        var ending = RunRules.EndingOf(facts);
        new LooseEnds(tx, run).Close(ending.Class == FailureClass.MaxTurns && !TurnRules.HasRoom(facts.Turns, 0, limits.Turns)
            ? $"no turn was left for it (limits.turns is {limits.Turns})" : "the run ended before it could be written");
        RunTable.Settle(tx, run.Id, ending);
        if (run is { Attempt: { } attempt, NoWorktree: false } && result.Head is { } head) AttemptTable.SetHead(tx, run.Project, attempt, head);
        FrameTable.DeleteOf(tx, run.Id);
        InputTable.DeleteOf(tx, run.Id);
        tx.Emit(EventTypes.RunSettled, about, ending.Actor, EventBody.Object(
            ("outcome", ending.Outcome.Word()), ("class", ending.Class.Word()), ("reason", ending.Reason), ("head", result.Head?.Value),
            ("commits", result.Commits), ("dirty", result.Dirty.Count == 0 ? null : result.Dirty), ("resetsAt", ending.ResetsAt)));
    }

    /// <summary>A wish to stop that came when the run had already begun to end by itself came too late.</summary>
    private static StopRequest? StopThatCounts(RunRow now) => now.FinishAt is { } finishing && now.StopAt > finishing ? null : now.Stop;
}
