using Drover.Core;
using Drover.Server.Journaling;
using Drover.Server.Projects;
using Drover.Server.Runs;
using Drover.Server.Scheduling;

namespace Drover.Server.Landing;

/// <summary>Moves one ticket on as far as it goes now: behind its coder, or a step of its landing after the other.</summary>
internal sealed class MoveTicket(RunPlace place, ProjectRow row, TicketKey key, Resting resting)
{
    public async Task Do(CancellationToken ct)
    {
        if (place.Journal.Read(db => TicketTable.Get(db, key)) is not { } ticket) return;
        if (ticket.Stage != Stage.Merging) await MoveOn(ct);
        else if (await Open(ticket, ct) is { } project) await Land(project, ct);
    }

    private async Task MoveOn(CancellationToken ct)
    {
        var limits = await Limits(ct);
        await place.Journal.Do(Priority.Urgent, tx => AfterRun.Apply(tx, key, limits));
    }

    /// <summary>Work that has ended moves on also while its project's settings cannot be read.</summary>
    private async Task<PipelineLimits> Limits(CancellationToken ct)
    {
        try
        {
            var project = await place.Projects.Get(row, ct);
            return await project.Now(null, ct) is ProjectNow.At { Config.Config: { } config } ? config.Pipeline : PipelineLimits.Usual;
        }
        catch (Exception e) when (GroundTrouble.Is(e))
        {
            return PipelineLimits.Usual;
        }
    }

    private async Task<OpenProject?> Open(TicketRow ticket, CancellationToken ct)
    {
        try
        {
            return await place.Projects.Get(row, ct);
        }
        catch (ProjectUnusableException e)
        {
            await place.Journal.Do(Priority.Urgent, tx => LandingProgress.Block(tx, ticket, e.Message));
            return null;
        }
    }

    private async Task Land(OpenProject project, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var (ticket, attempt) = place.Journal.Read(db => (TicketTable.Get(db, key), AttemptTable.Of(db, key).FindLast(a => a.ClosedAt is null)));
            if (ticket is not { Stage: Stage.Merging, Blocked: null, Held: null }) return;
            if (attempt is null)
            {
                await place.Journal.Do(Priority.Urgent, tx => LandingProgress.Block(tx, ticket, $"it has no work that could land; `drover ticket move {key} backlog`, then `drover run start {key}`, makes some"));
                return;
            }

            if (await new TicketLanding(place, project, ticket, attempt).Step(ct)) continue;
            // What has landed is to give its worktree back at once; only what waits is left alone.
            if (place.Journal.Read(db => TicketTable.Get(db, key)) is { Stage: Stage.Merging }) resting.Waits(key);
            return;
        }
    }
}
