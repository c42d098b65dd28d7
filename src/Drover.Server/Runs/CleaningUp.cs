using Drover.Core;
using Drover.Node.Spooling;
using Drover.Server.Projects;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>What is left to do when a run has settled: one that never came to work takes back what it had made, and one that was started with
/// <c>--cleanup</c> gives its worktree and branch back.</summary>
internal sealed class CleaningUp(RunPlace place, RunRow run)
{
    public async Task Do(CancellationToken ct)
    {
        await GiveBack(ct);
        // A full disk leaves the output as it is: the copy is only there to save room.
        SettledSpool.Compress(place.Job(run.Id), ct);
    }

    private async Task GiveBack(CancellationToken ct)
    {
        if (run is not { NoWorktree: false, Attempt: { } id }) return;
        var (attempt, runs, row) = place.Journal.Read(db => (
            AttemptTable.Get(db, run.Project, id)!, RunTable.Of(db, run.Project, id), ProjectTable.Get(db, run.Project)!));
        var reason = Reason(attempt, runs);
        if (reason is null) return;
        try
        {
            await new AttemptRemoval(place, await place.Projects.Get(row, ct), attempt).Do(reason);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Node.Repositories.GitFailedException or ProjectUnusableException)
        {
            // The run is settled with its own reason; this is added to it, and the next start of the server tries again.
            await place.Journal.Do(Priority.Urgent, tx => RunTable.RecordResult(tx, run.Id,
                run.Result with { Note = $"{run.Result.Note}\nits worktree could not be removed: {e.Message}".Trim() }));
        }
    }

    /// <summary>Whether the run gives its attempt back: one that went on with another's attempt does not.</summary>
    /// <param name="runs">All of the attempt, newest first.</param>
    public static bool IsOwed(RunRow run, IReadOnlyList<RunRow> runs) => run is { Cleanup: true, NoWorktree: false } && runs[^1].Id == run.Id;

    private string? Reason(AttemptRow attempt, IReadOnlyList<RunRow> runs)
    {
        if (attempt.WorktreeState is WorktreeState.Removed || (attempt.ClosedAt is not null && attempt.WorktreeState is WorktreeState.None)) return null;
        if (runs.Any(r => r.State != RunState.Settled)) return null;
        if (IsOwed(run, runs)) return "its run was started with --cleanup";
        return run.BegunAt is null && runs.Count == 1 ? "its first run came to nothing" : null;
    }
}
