using Drover.Core;
using Drover.Node.Trees;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>Takes back what a run has made that never came to work: worktree, branch, attempt, in reverse order. What others have made or used stays, work is
/// salvaged first, and the error that came first stays the reason; a failure of the undoing is added to it.</summary>
internal sealed class Undoing(RunPlace place, RunRow run)
{
    /// <summary>Null when all is undone or nothing was to be; else what could not be, for the run's note.</summary>
    public async Task<string?> Do(CancellationToken ct)
    {
        if (run is not { NoWorktree: false, Attempt: { } id }) return null;
        var (attempt, others, project) = place.Journal.Read(db => (
            AttemptTable.Get(db, run.Project, id)!, RunTable.Of(db, run.Project, id).Count(r => r.Id != run.Id), ProjectTable.Get(db, run.Project)!));
        if (others > 0 || attempt.ClosedAt is not null) return null;
        try
        {
            var removal = new AttemptRemoval(place, await place.Projects.Get(project, ct), attempt);
            await removal.Do("its first run came to nothing", ct);
            return null;
        }
        catch (Exception e) when (e is IOException or GitTrouble)
        {
            return $"what it had made could not be taken back: {e.Message}";
        }
    }
}
