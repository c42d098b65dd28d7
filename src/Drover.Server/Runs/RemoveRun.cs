using Drover.Api;
using Drover.Core;
using Drover.Server.Http;
using Drover.Server.Journaling;
using Drover.Server.Landing;

namespace Drover.Server.Runs;

/// <summary>Takes a settled run off the record. With the last run of an attempt that has not landed go its worktree and branch, after what is not landed
/// has been saved.</summary>
internal sealed class RemoveRun(RunPlace place)
{
    /// <exception cref="Refusal">It is live, or another run works in the same worktree.</exception>
    public async Task Do(RunRow run, Principal who, CancellationToken ct)
    {
        Check(place.Journal.Read(db => RunTable.Get(db, run.Id)), run);
        if (run is { NoWorktree: false, Attempt: { } id })
        {
            var (attempt, others, project) = place.Journal.Read(db => (
                AttemptTable.Get(db, run.Project, id)!, RunTable.Of(db, run.Project, id).Where(r => r.Id != run.Id).ToList(), ProjectTable.Get(db, run.Project)!));
            if (others.Find(r => r.State != RunState.Settled) is { } live)
                throw new Refusal(Problems.StillLive, $"{live.Name} works in the same worktree; stop it first: drover run stop {live.Name}");
            if (others.Count == 0 && attempt is { ClosedAt: null, Ticket: { } key })
                await place.Journal.Do(Priority.Urgent, tx => LandingCommands.Abandon(tx, TicketTable.Get(tx, key)!, $"{run.Name} was removed", who));
            if (others.Count == 0 && attempt.WorktreeState is not (WorktreeState.Removed or WorktreeState.None))
                await new AttemptRemoval(place, await place.Projects.Get(project, ct), attempt).Do($"its last run was removed by {who}");
        }

        await place.Journal.Do(Priority.Urgent, tx =>
        {
            Check(RunTable.Get(tx, run.Id), run);
            if (!RunTable.Delete(tx, run.Id)) return;
            tx.Emit(EventTypes.RunRemoved, new(run.Project, run.Ticket), who, EventBody.Object(("run", run.Id.Value), ("name", run.Name.Value)));
        });
        var directory = place.Job(run.Id).Path;
        if (Directory.Exists(directory)) Directory.Delete(directory, recursive: true);
    }

    private static void Check(RunRow? now, RunRow run)
    {
        if (now is { State: not RunState.Settled })
            throw new Refusal(Problems.StillLive, $"{run.Name} is live; stop it first: drover run stop {run.Name}");
    }
}
