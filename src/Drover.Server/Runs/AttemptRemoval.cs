using Drover.Core;
using Drover.Node.Trees;
using Drover.Server.Journaling;
using Drover.Server.Projects;

namespace Drover.Server.Runs;

/// <summary>Removes an attempt's worktree and branch, after what is not landed has been saved, and closes the attempt. Done again after a crash it finishes
/// what it began.</summary>
internal sealed class AttemptRemoval(RunPlace place, OpenProject project, AttemptRow attempt)
{
    /// <returns>The names under which work was saved.</returns>
    public async Task<IReadOnlyList<string>> Do(string reason)
    {
        // A run that is started from here on begins an attempt of its own.
        var isFree = await place.Journal.Do(Priority.Urgent, tx =>
        {
            if (RunTable.Of(tx, attempt.Project, attempt.Id).Exists(r => r.State != RunState.Settled)) return false;
            foreach (var from in (WorktreeState[])[WorktreeState.Making, WorktreeState.Made])
                AttemptTable.MoveWorktree(tx, attempt.Project, attempt.Id, from, WorktreeState.Removing);
            return true;
        });
        if (!isFree) return [];
        place.Crash.At(CrashPoint.RemovalIntended);
        var saved = attempt.WorktreeState == WorktreeState.None ? [] : await Remove();
        place.Crash.At(CrashPoint.WorktreeRemoved);
        await place.Journal.Do(Priority.Urgent, tx =>
        {
            var about = new Subject(attempt.Project, attempt.Ticket);
            foreach (var name in saved) tx.Emit(EventTypes.SalvageSaved, about, RunActor.Loop, EventBody.Object(("salvage", name), ("attempt", attempt.Id.ToString())));
            if (AttemptTable.MoveWorktree(tx, attempt.Project, attempt.Id, WorktreeState.Removing, WorktreeState.Removed))
                tx.Emit(EventTypes.WorktreeRemoved, about, RunActor.Loop, EventBody.Object(("attempt", attempt.Id.ToString()), ("reason", reason)));
            if (AttemptTable.Close(tx, attempt.Project, attempt.Id, reason))
                tx.Emit(EventTypes.AttemptClosed, about, RunActor.Loop, EventBody.Object(("attempt", attempt.Id.ToString()), ("reason", reason)));
        });
        return saved;
    }

    private async Task<List<string>> Remove()
    {
        // What is begun here is not cut off half-way, also not when the server is told to stop.
        var ct = CancellationToken.None;
        var target = Landed() ?? (attempt.Target is { } branch ? await project.Repository.Resolve(branch, ct) : null) ?? attempt.Base!.Value;
        var removed = await project.Worktrees.RemoveWithBranch(attempt.Id.Directory, attempt.Id, target, ct);
        return [.. removed.Saved.Select(s => s.Name)];
    }

    /// <summary>The head that has landed, as itself or squashed; what was committed on top of it has not.</summary>
    private CommitSha? Landed() => attempt.Ticket is not { } ticket ? null
        : place.Journal.Read(db => LandingTable.Of(db, ticket)).Find(l => l.Attempt == attempt.Id && l.State == LandingState.Landed)?.Head;
}
