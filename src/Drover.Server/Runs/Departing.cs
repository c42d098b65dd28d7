using Drover.Agents;
using Drover.Core;
using Drover.Node.Containing;
using Drover.Node.Keeping;
using Drover.Node.Spooling;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>Ends an agent's process, gently as long as that helps: its input is closed or its turn interrupted, then come the signals. Whatever it leaves
/// behind is ended too.</summary>
internal sealed class Departing(RunPlace place, Talk talk, Looking looking, JobDirectory job)
{
    /// <summary>How long an interrupted agent may take to end its turn, and a finished one to end itself, before signals are sent.</summary>
    public static readonly TimeSpan Courtesy = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private DateTimeOffset? _interruptedAt;
    private bool _inputEnded;

    /// <summary>Nothing is open: the agent's input is closed. A message that came in this very moment is still served.</summary>
    public async Task<bool> Finish(CancellationToken ct)
    {
        var id = talk.Run.Id;
        if (place.Journal.Read(db => SteerTable.CountOpen(db, id)) > 0) return true;
        talk.Machine.Apply(new Input.Finish());
        await talk.Store(ct, tx =>
        {
            Leave(tx);
            RunTable.RecordFinish(tx, id);
        });
        place.Crash.At(CrashPoint.FinishIntended);
        return true;
    }

    /// <summary>The machine has said all it will ever say, though the agent works on: its input is closed as soon as it has taken everything.</summary>
    public async Task CloseInput(TimeSpan bound, CancellationToken ct)
    {
        if (_inputEnded || !talk.Run.Progress.InputClosed || looking.Seen is not JobState.Running) return;
        _inputEnded = await InputFile.EndOnceCarried(job, bound, place.Time, ct);
    }

    /// <summary>Somebody or something wants it to end: the turn is interrupted first, so that the agent can put its things in order.</summary>
    public async Task<bool> Interrupt(CancellationToken ct)
    {
        var now = place.Time.GetUtcNow();
        if (_interruptedAt is null && talk is { Machine: { TurnOpen: true, CanInterrupt: true }, Run.Progress.AcceptedAt: not null } && talk.Run.Fault is null)
        {
            _interruptedAt = now;
            talk.Machine.Apply(new Input.Interrupt());
            await talk.Store(ct);
            return true;
        }

        if (_interruptedAt is { } at && talk.Machine.TurnOpen && now - at < Courtesy) return false;
        await talk.Store(ct, Leave);
        return true;
    }

    /// <summary>The run is stopping: its process ends by itself or is ended. True when something was done.</summary>
    public async Task<bool> EndProcess(bool atEnd, CancellationToken ct)
    {
        if (talk.Run is { FinishAt: { } finishing, Stop: null, Fault: null } && place.Time.GetUtcNow() - finishing < Courtesy + Grace)
        {
            if (!_inputEnded) await InputFile.End(job, Courtesy, place.Time, ct);
            var first = !_inputEnded;
            _inputEnded = true;
            return first;
        }

        await Stopper.Stop(job, Grace, place.Time, ct);
        await looking.Look();
        return looking.IsOver || !atEnd;
    }

    /// <summary>The process has ended. What it left behind is ended too, its last output is read, and the machine is told.</summary>
    public async Task<Farewell> Part(Reading reading, CancellationToken ct)
    {
        if (looking.Seen is JobState.Gone { Why: var why }) await talk.Fault(new(Outcome.Lost, null, why), ct);
        var stopped = await Stopper.Stop(job, TimeSpan.Zero, place.Time, ct);
        if (await Dependants.End(place, job, ct) is StopResult.MayHaveEscaped escaped) stopped = escaped;
        await reading.Rest(ct);
        var code = (looking.Seen as JobState.Exited)?.Code;
        if (talk.Run.Exit is null)
        {
            var queued = place.Journal.Read(db => SteerTable.Open(db, talk.Run.Id)).Where(s => s.State == SteerState.Queued).Select(s => s.Id).ToHashSet();
            talk.Machine.Exit(code, ErrorTail.Read(job, 20), queued);
            await talk.Store(ct, tx =>
            {
                Leave(tx);
                RunTable.RecordExit(tx, talk.Run.Id, code);
            });
        }

        place.Crash.At(CrashPoint.ProcessGone);
        return Farewell.Of(stopped);
    }

    private void Leave(Tx tx)
    {
        var run = talk.Run;
        if (RunTable.Move(tx, run.Id, RunState.Live, RunState.Stopping) || RunTable.Move(tx, run.Id, RunState.Starting, RunState.Stopping))
            tx.Emit(EventTypes.RunStopping, new(run.Project, run.Ticket, run.Id), RunActor.Loop);
    }
}

/// <param name="Note">What a human should know of how the process ended; null when nothing.</param>
internal sealed record Farewell(string? Note)
{
    public static Farewell Of(StopResult stopped) =>
        new(stopped is StopResult.MayHaveEscaped escaped ? $"something of the agent may have escaped: {escaped.Why}" : null);
}
