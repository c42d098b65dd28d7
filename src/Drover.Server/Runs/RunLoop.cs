using Drover.Core;
using Drover.Server.Host;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>Takes one run from wherever its row says it is to its settlement. The first start, an adoption after a restart and a retry after trouble
/// are the same code: each step looks at the facts and does what is missing.</summary>
internal sealed class RunLoop(RunPlace place, RunId id)
{
    /// <summary>How often in a row the loop may fail before the run is given up; then something of it is broken and not the machine's mood.</summary>
    private const int TroubleAtMost = 5;

    private readonly Wake _wake = new();
    private int _trouble;

    public async Task Drive(CancellationToken ct)
    {
        place.Jobs.Add(id, _wake);
        try
        {
            await DriveToTheEnd(ct);
        }
        finally
        {
            place.Jobs.Remove(place.Job(id));
        }
    }

    private async Task DriveToTheEnd(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                if (await Step(ct)) return;
                _trouble = 0;
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                RunLog.Trouble(place.Log, e, id.Value);
                await AfterTrouble(e, ct);
            }
        }
    }

    /// <summary>One step; true when the run is settled and nothing is left to do.</summary>
    private async Task<bool> Step(CancellationToken ct)
    {
        if (place.Journal.Read(db => RunTable.Get(db, id)) is not { } run) return true;
        switch (run.State)
        {
            case RunState.Reserved or RunState.Preparing:
                await new Preparing(place, run).Do(ct);
                return false;
            case RunState.Starting or RunState.Live or RunState.Stopping:
                using (var following = await Following.Open(place, run, _wake, ct)) await following.UntilSettled(ct);
                return false;
            case RunState.Settled:
                await new CleaningUp(place, run).Do(ct);
                return true;
            default: throw new InvalidOperationException($"run {id} is in state {run.State}");
        }
    }

    /// <summary>A full disk or a busy repository passes: wait for the next sweep. What fails again and again ends the run with what it said.</summary>
    private async Task AfterTrouble(Exception e, CancellationToken ct)
    {
        if (e is not JournalWriteException && ++_trouble >= TroubleAtMost)
        {
            _trouble = 0;
            await place.Journal.Do(Priority.People, tx => RunTable.RecordFault(tx, id, new(Outcome.Failed, FailureClass.Other, e.Message)));
        }

        try
        {
            await _wake.WaitAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The server stops; the run goes on when it is back.
        }
    }
}
