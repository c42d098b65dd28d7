using Drover.Core;
using Drover.Node.Containing;
using Drover.Server.Host;
using Drover.Server.Journaling;
using Drover.Server.Projects;

namespace Drover.Server.Runs;

/// <summary>Takes one run from wherever its row says it is to its settlement. The first start, an adoption after a restart and a retry after trouble
/// are the same code: each step looks at the facts and does what is missing.</summary>
internal sealed class RunLoop(RunPlace place, RunId id)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly Wake _wake = new();
    private readonly long _began = place.Time.GetTimestamp();
    private Impasse? _impasse;

    public async Task Drive(CancellationToken ct)
    {
        place.Jobs.Add(id, _wake);
        try
        {
            while (!ct.IsCancellationRequested && !await TryStep(ct))
            {
                // Another step follows.
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The server stops while a run is being given up: the next one does it again.
        }
        finally
        {
            place.Jobs.Remove(place.Job(id));
        }
    }

    /// <summary>True when nothing is left to do, or the server stops.</summary>
    private async Task<bool> TryStep(CancellationToken ct)
    {
        try
        {
            return await Step(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return true;
        }
        catch (LaunchRefusedException e)
        {
            return await GiveUp(e.Message, ct);
        }
        catch (Exception e)
        {
            // The loop's boundary. A full disk, a repository that is not mounted, a busy one: they pass with time, and the agent goes on meanwhile.
            RunLog.Trouble(place.Log, e, id.Value);
            return IsBroken(e) ? await GiveUp(e.Message, ct) : await Wait(ct);
        }
    }

    /// <summary>Whether it is the run that is broken: the same place for too long, and nothing that ails the whole machine.</summary>
    private bool IsBroken(Exception e)
    {
        var at = place.Journal.Read(db => RunTable.Get(db, id)) is { } run ? new RunPosition(run.State, run.Progress.Watermark, run.Progress.InputEnd) : default;
        _impasse = Impasse.After(_impasse, at, place.Time.GetElapsedTime(_began));
        // While an agent works, a repository or a disk that is away is no reason to end it. One that has not begun says what it lacks.
        var isMachine = e is JournalWriteException || (e is IOException or ProjectUnusableException && at.State is RunState.Starting or RunState.Live);
        return !isMachine && _impasse.IsBroken;
    }

    private async Task<bool> Step(CancellationToken ct)
    {
        if (place.Journal.Read(db => RunTable.Get(db, id)) is not { } run) return true;
        switch (run.State)
        {
            case RunState.Reserved or RunState.Preparing:
                await new Preparing(place, run).Do(ct);
                return false;
            case RunState.Starting when run is { Successor: not null, Stop: null, Fault: null }:
                await new Succession(place, run).Do(_wake, ct);
                return false;
            case RunState.Starting when run is { Successor: not null }:
                await new Settling(place, run).Do(null, ct);
                return false;
            case RunState.Starting or RunState.Live or RunState.Stopping:
                var farewell = await Follow(run, ct);
                var left = place.Journal.Read(db => RunTable.Get(db, id))!;
                if (!await new Succession(place, left).Intend(farewell)) await new Settling(place, left).Do(farewell.Note, ct);
                return false;
            case RunState.Settled:
                await new CleaningUp(place, run).Do(ct);
                return true;
            default: throw new InvalidOperationException($"run {id} is in state {run.State}");
        }
    }

    private async Task<Farewell> Follow(RunRow run, CancellationToken ct)
    {
        using var following = await Following.Open(place, run, _wake, ct);
        return await following.UntilGone(ct);
    }

    /// <summary>What fails again and again ends the run, with what it said.</summary>
    private async Task<bool> GiveUp(string why, CancellationToken ct)
    {
        try
        {
            await place.Journal.Do(Priority.Urgent, tx => RunTable.RecordFault(tx, id, new(Outcome.Failed, FailureClass.Other, why)));
            var stopped = await Stopper.Stop(place.Job(id), TimeSpan.FromSeconds(2), place.Time, ct);
            if (await Dependants.End(place, place.Job(id), ct) is StopResult.MayHaveEscaped escaped) stopped = escaped;
            await new Settling(place, place.Journal.Read(db => RunTable.Get(db, id))!).Do(Farewell.Of(stopped).Note, ct);
            return false;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Not even that: the next sweep tries again.
            RunLog.Trouble(place.Log, e, id.Value);
            return await Wait(ct);
        }
    }

    /// <summary>A pause that no signal shortens: what has just failed would fail again at once.</summary>
    private async Task<bool> Wait(CancellationToken ct)
    {
        try
        {
            await Task.Delay(s_pause, place.Time, ct);
            return false;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The server stops; the run goes on when it is back.
            return true;
        }
    }
}
