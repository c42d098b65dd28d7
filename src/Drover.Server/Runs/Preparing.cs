using Drover.Core;
using Drover.Node.Trees;
using Drover.Server.Journaling;
using Drover.Server.Projects;

namespace Drover.Server.Runs;

/// <summary>Makes the run's worktree, its links and whatever the project runs in a new one. Each part is done again after a crash and finds what stands.</summary>
internal sealed class Preparing(RunPlace place, RunRow run)
{
    public async Task Do(CancellationToken ct)
    {
        if (run.State == RunState.Reserved)
        {
            place.Crash.At(CrashPoint.RunReserved);
            await Move(RunState.Reserved, RunState.Preparing, EventTypes.RunPreparing);
        }

        var failure = IsUnwanted() ? null : await Prepare(ct);
        if (failure is not null)
            await place.Journal.Do(Priority.Urgent, tx => RunTable.RecordFault(tx, run.Id, new(Outcome.Failed, FailureClass.Other, failure)));
        if (failure is null && !IsUnwanted()) await Move(RunState.Preparing, RunState.Starting, EventTypes.RunStarting);
        else await new Settling(place, place.Journal.Read(db => RunTable.Get(db, run.Id))!).Do(null, ct);
    }

    private bool IsUnwanted() => place.Journal.Read(db => RunTable.Get(db, run.Id)) is not { Stop: null, Fault: null };

    /// <summary>Null when all is there, else what failed.</summary>
    private async Task<string?> Prepare(CancellationToken ct)
    {
        if (run.NoWorktree || run.Attempt is not { } id) return null;
        var (attempt, row, order) = place.Journal.Read(db => (
            AttemptTable.Get(db, run.Project, id)!, ProjectTable.Get(db, run.Project)!, RunTable.OrderOf(db, run.Id)!));
        var project = await place.Projects.Get(row, ct);
        // The branch of an attempt that has been worked on is gone on with, wherever it stands; that of a new one begins at the pinned base.
        var isNew = attempt.WorktreeState is WorktreeState.Making or WorktreeState.None;
        var made = isNew
            ? await project.Worktrees.Make(id.Directory, attempt.Branch, attempt.Base!.Value, ct)
            : await MakeAgain(project, attempt, ct);
        if (made is WorktreeMaking.Refused { Why: var why })
        {
            // What stands there, or bears the branch's name, is somebody else's and stays when the start is undone.
            await place.Journal.Do(Priority.Urgent, tx => AttemptTable.MoveWorktree(tx, run.Project, attempt.Id, WorktreeState.Making, WorktreeState.None));
            return $"the worktree cannot be made: {why}";
        }

        var worktree = ((WorktreeMaking.Made)made).Worktree;
        var isSetUp = place.Journal.Read(db => AttemptTable.Get(db, run.Project, id)!).PostCreateAt is not null;
        place.Crash.At(CrashPoint.WorktreeMade);
        await RecordMade(attempt, worktree.Path);
        return isSetUp ? null : await SetUp(worktree, RunSettings.Parse(order.Settings), id, ct);
    }

    /// <summary>The worktree of work that goes on: as it stands; or, when somebody has taken it away, made once more and set up like a new one. A branch that
    /// is gone as well begins where it was last seen.</summary>
    private async Task<WorktreeMaking> MakeAgain(OpenProject project, AttemptRow attempt, CancellationToken ct)
    {
        var (trees, name) = (project.Worktrees, attempt.Id.Directory);
        if (trees.Find(name, attempt.Branch) is null)
        {
            await place.Journal.Do(Priority.Urgent, tx =>
            {
                if (!AttemptTable.ForgetPostCreated(tx, run.Project, attempt.Id)) return;
                tx.Emit(EventTypes.Log, new(run.Project, run.Ticket, run.Id), RunActor.Loop, EventBody.Object(
                    ("level", "warn"), ("text", $"{attempt.Worktree} is gone and is made again; what was not committed in it is only where `drover salvage list` shows it")));
            });
        }

        var isGone = await project.Repository.Resolve(attempt.Branch, ct) is null;
        return isGone && attempt.Head is { } head && await project.Repository.Resolve(head.Value, ct) is not null
            ? await trees.Make(name, attempt.Branch, head, ct)
            : await trees.MakeAgain(name, attempt.Branch, ct);
    }

    private Task RecordMade(AttemptRow attempt, string path) => place.Journal.Do(Priority.Urgent, tx =>
    {
        RunTable.RecordPlace(tx, run.Id, path, run.Base);
        if (AttemptTable.MoveWorktree(tx, run.Project, attempt.Id, WorktreeState.Making, WorktreeState.Made))
            tx.Emit(EventTypes.WorktreeMade, new(run.Project, run.Ticket, run.Id), RunActor.Loop,
                EventBody.Object(("worktree", path), ("branch", attempt.Branch.Value), ("base", attempt.Base?.Value)));
    });

    private async Task<string?> SetUp(Worktree worktree, RunSettings settings, AttemptId attempt, CancellationToken ct)
    {
        if (await Links.Place(worktree, settings.Symlinks, ct) is { } broken) return broken;
        foreach (var (command, number) in settings.PostCreate.Select((c, n) => (c, n)))
        {
            var job = new SideJob(place, SideJob.IdOf($"post_create {run.Id} {number}"));
            var end = await job.Run(command, worktree, settings.Sandbox, IsUnwanted, ct);
            if (end.Failure is { } failure) return $"post_create `{command.Name}` {failure}{(end.Output.Length == 0 ? "" : ":\n" + end.Output.Trim())}";
        }

        place.Crash.At(CrashPoint.PostCreateRun);
        await place.Journal.Do(Priority.Urgent, tx => AttemptTable.SetPostCreated(tx, run.Project, attempt));
        return null;
    }

    private Task Move(RunState from, RunState to, string type) => place.Journal.Do(Priority.Urgent, tx =>
    {
        if (RunTable.Move(tx, run.Id, from, to)) tx.Emit(type, new(run.Project, run.Ticket, run.Id), RunActor.Loop);
    });
}
