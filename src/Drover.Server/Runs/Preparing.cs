using Drover.Core;
using Drover.Node.Trees;
using Drover.Server.Journaling;
using Drover.Server.Projects;

namespace Drover.Server.Runs;

/// <summary>Makes the run's worktree, its links and whatever the project runs in a new one. Each part is done again after a crash and finds what stands.
/// When a part fails, what this run has made is undone in reverse, and the run settles with the error that came first.</summary>
internal sealed class Preparing(RunPlace place, RunRow run)
{
    public async Task Do(CancellationToken ct)
    {
        if (run.State == RunState.Reserved)
        {
            place.Crash.At(CrashPoint.RunReserved);
            await Move(RunState.Reserved, RunState.Preparing, EventTypes.RunPreparing);
        }

        var failure = run.Stop is not null ? null : run.Fault?.Reason ?? await Prepare(ct);
        if (failure is null && place.Journal.Read(db => RunTable.Get(db, run.Id)) is { Stop: null })
        {
            await Move(RunState.Preparing, RunState.Starting, EventTypes.RunStarting);
            return;
        }

        await new Undoing(place, run).Do(failure, ct);
    }

    /// <summary>Null when all is there, else what failed.</summary>
    private async Task<string?> Prepare(CancellationToken ct)
    {
        if (run.NoWorktree || run.Attempt is not { } attemptId) return null;
        var attempt = place.Journal.Read(db => AttemptTable.Get(db, run.Project, attemptId))!;
        var project = await place.Projects.Get(place.Journal.Read(db => ProjectTable.Get(db, run.Project))!, ct);
        var settings = RunSettings.Parse(place.Journal.Read(db => RunTable.OrderOf(db, run.Id))!.Settings);
        var made = attempt.PostCreateAt is null && attempt.Base is { } start && attempt.WorktreeState != WorktreeState.Made
            ? await project.Worktrees.Make(attemptId.Directory, attempt.Branch, start, ct)
            : await project.Worktrees.MakeAgain(attemptId.Directory, attempt.Branch, ct);
        if (made is WorktreeMaking.Refused { Why: var why }) return $"the worktree cannot be made: {why}";
        var worktree = ((WorktreeMaking.Made)made).Worktree;
        place.Crash.At(CrashPoint.WorktreeMade);
        await RecordMade(attempt, worktree.Path);
        if (attempt.PostCreateAt is not null) return null;
        return await SetUp(project, worktree, settings, attemptId, ct);
    }

    private Task RecordMade(AttemptRow attempt, string path) => place.Journal.Do(Priority.Spool, tx =>
    {
        RunTable.RecordPlace(tx, run.Id, path, run.Base);
        if (AttemptTable.MoveWorktree(tx, run.Project, attempt.Id, WorktreeState.Making, WorktreeState.Made))
            tx.Emit(EventTypes.WorktreeMade, new(run.Project, run.Ticket, run.Id), RunActor.Loop, EventJson.Object(("worktree", path), ("branch", attempt.Branch.Value)));
    });

    private async Task<string?> SetUp(OpenProject project, Worktree worktree, RunSettings settings, AttemptId attempt, CancellationToken ct)
    {
        if (await Links.Place(worktree, settings.Symlinks, ct) is { } broken) return broken;
        foreach (var (command, number) in settings.PostCreate.Select((c, n) => (c, n)))
        {
            var job = new SideJob(place, SideJob.IdOf($"post_create {run.Id} {number}"));
            var end = await job.Run(command, worktree, settings.Sandbox, async () => place.Journal.Read(db => RunTable.Get(db, run.Id)) is { Stop: not null }, ct);
            if (end.Failure is { } failure) return $"post_create `{command.Name}` {failure}";
        }

        place.Crash.At(CrashPoint.PostCreateRun);
        await place.Journal.Do(Priority.Spool, tx => AttemptTable.SetPostCreated(tx, run.Project, attempt));
        return null;
    }

    private Task Move(RunState from, RunState to, string type) => place.Journal.Do(Priority.Spool, tx =>
    {
        if (RunTable.Move(tx, run.Id, from, to)) tx.Emit(type, new(run.Project, run.Ticket, run.Id), RunActor.Loop);
    });
}
