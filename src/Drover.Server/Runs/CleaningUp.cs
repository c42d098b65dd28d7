using Drover.Core;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>What is left to do when a run has settled: one that was started with <c>--cleanup</c> gives its worktree and branch back.</summary>
internal sealed class CleaningUp(RunPlace place, RunRow run)
{
    public async Task Do(CancellationToken ct)
    {
        if (run is not { Cleanup: true, NoWorktree: false, Attempt: { } id }) return;
        var (attempt, project, others) = place.Journal.Read(db => (
            AttemptTable.Get(db, run.Project, id)!, ProjectTable.Get(db, run.Project)!, RunTable.Of(db, run.Project, id).Any(r => r.State != RunState.Settled)));
        if (attempt.WorktreeState is WorktreeState.Removed or WorktreeState.None || others) return;
        await new AttemptRemoval(place, await place.Projects.Get(project, ct), attempt).Do("its run was started with --cleanup", ct);
    }
}
