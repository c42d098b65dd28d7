using Drover.Agents;
using Drover.Core;
using Drover.Node.Containing;
using Drover.Node.Keeping;
using Drover.Node.Repositories;
using Drover.Node.Spooling;
using Drover.Node.Trees;
using Drover.Server.Host;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>Follows an agent's process from its start to its end: reads what it writes, gives it what is to be said, and ends it when its work is done or
/// somebody wants it to. What it remembers is a cache of the run's row, its checkpoint and its spool; opened anew it goes on where the last transaction ended.</summary>
internal sealed class Following : IDisposable
{
    /// <summary>How long an interrupted agent may take to end its turn, and a finished one to end itself, before signals are sent.</summary>
    private static readonly TimeSpan Courtesy = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>The quota is looked at once for so many bytes.</summary>
    private const long HoldEvery = 1 << 20;

    private readonly RunPlace _place;
    private readonly Wake _wake;
    private readonly JobDirectory _job;
    private readonly Launching _launch;
    private readonly Talk _talk;
    private readonly Watchdog _watchdog;
    private readonly SpoolReader _spool;
    private JobState _seen = new JobState.NotStarted(null);
    private DateTime _exitWrittenAt;
    private bool _isThorough = true;
    private DateTimeOffset? _interruptedAt;
    private bool _holdsGate;
    private bool _inputEnded;
    private long _heldAt;

    private Following(RunPlace place, RunRow run, Wake wake, Launching launch)
    {
        (_place, _wake, _launch) = (place, wake, launch);
        _job = place.Job(run.Id);
        _talk = Talk.Open(place, run, launch);
        _watchdog = new Watchdog(place, run, launch);
        _spool = SpoolReader.Open(_job, run.Progress.Watermark);
    }

    public static async Task<Following> Open(RunPlace place, RunRow run, Wake wake, CancellationToken ct)
    {
        var launch = await Launching.Of(place, run, ct);
        Directory.CreateDirectory(place.Job(run.Id).Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new(place, run, wake, launch);
    }

    /// <summary>Until the agent's process is gone, verified, and everything it wrote is stored.</summary>
    public async Task<Farewell> UntilGone(CancellationToken ct)
    {
        await _talk.Begin(await _launch.Prompt(ct), ct);
        await Start(ct);
        _place.Jobs.Follow(_job);
        while (true)
        {
            // Each output costs a look at the spool only; rows and processes are looked at when somebody has signalled, each second, and when the talk moved on.
            _isThorough |= _wake.TakeThorough();
            await Look();
            var atEnd = await Read(ct);
            _isThorough |= _talk.TakeMoved();
            if (_talk.Run.Progress.HandshakeAt is not null) OpenGate();
            if (_seen is JobState.Exited or JobState.Gone or JobState.NotStarted && atEnd) return await Part(ct);
            if (_isThorough && (_isThorough = await Act(atEnd, ct) || !atEnd)) continue;
            if (atEnd) await _wake.WaitAsync(ct);
        }
    }

    /// <summary>The first start and every adoption. Only a new start waits for its place at the gate.</summary>
    private async Task Start(CancellationToken ct)
    {
        if (_talk.Run.State == RunState.Stopping || _talk.Run is { Stop: not null } or { Fault: not null }) return;
        if (Keeper.Look(_job) is not JobState.NotStarted || !await WaitAtGate(ct)) return;
        _place.Crash.At(CrashPoint.KeeperIntended);
        var spec = await _launch.Job(ct);
        var state = spec.Unfit() is { } unfit ? new JobState.NotStarted(unfit) : await Keeper.EnsureStarted(_job, spec, _place.Time, ct);
        _place.Crash.At(CrashPoint.KeeperLaunched);
        if (state is JobState.NotStarted { Why: var why }) await Fault(new(Outcome.Failed, FailureClass.Crashed, $"the agent could not be started: {why}"), ct);
    }

    /// <summary>False when the run is to end before its turn came.</summary>
    private async Task<bool> WaitAtGate(CancellationToken ct)
    {
        while (!await _place.StartGate.WaitAsync(TimeSpan.FromMilliseconds(500), ct))
        {
            _talk.Refresh();
            if (_talk.Run is { Stop: not null } or { Fault: not null }) return false;
        }

        _holdsGate = true;
        return true;
    }

    private async Task Look()
    {
        if (_seen is JobState.Exited or JobState.Gone) return;
        // The keeper makes the file of the exit code when it starts and writes into it at the end.
        var exitWrittenAt = File.GetLastWriteTimeUtc(_job.Exit);
        if (_seen is JobState.Running && !_isThorough && exitWrittenAt == _exitWrittenAt) return;
        (_seen, _exitWrittenAt) = (Keeper.Look(_job), exitWrittenAt);
        if (_seen is JobState.Running running && _talk.Run.Process != running.Keeper) await _talk.Known(running);
        if (_seen is JobState.Running { Keeper: var keeper }) _place.Jobs.FollowExit(_job, keeper);
    }

    /// <summary>Reads one slice; true when that was all there is.</summary>
    private async Task<bool> Read(CancellationToken ct)
    {
        using var read = _spool.Read();
        if (read is SpoolRead.ShorterThanWatermark { Length: var length })
        {
            await Fault(new(Outcome.Lost, null, $"the agent's output has {length} bytes, fewer than were read of it: its end was lost with the machine's power"), ct);
            return true;
        }

        if (read is not SpoolRead.Slice slice)
        {
            await Fault(new(Outcome.Lost, null, "a part of the agent's output is gone that was never read"), ct);
            return true;
        }

        foreach (var item in slice.Items) Take(item);
        if (slice.Items.Count > 0) _watchdog.Sign();
        _talk.ReadTo(slice.Watermark);
        await _talk.Store(ct);
        HoldQuota();
        return slice.AtEnd;
    }

    private void Take(SpoolItem item)
    {
        var said = _talk.Apply(Replay.InputOf(item), item switch
        {
            SpoolItem.Line line => new Slim.Place(line.Offset, line.Bytes.Length),
            SpoolItem.TooLong line => new Slim.Place(line.Offset, (int)Math.Min(int.MaxValue, line.Length)),
            _ => null,
        });
        foreach (var e in said) _watchdog.Hear(e);
    }

    /// <summary>What is read and stored need not fill the disk while the agent goes on.</summary>
    private void HoldQuota()
    {
        var read = _talk.Run.Progress.Watermark;
        if (read - _heldAt < HoldEvery) return;
        _heldAt = read;
        SpoolQuota.Hold(_job, read, _launch.Settings.SpoolQuota);
    }

    /// <summary>Does what the rows and the rules ask for; true when something was done, so that it is looked again at once.</summary>
    private async Task<bool> Act(bool atEnd, CancellationToken ct)
    {
        _talk.Refresh();
        if (_talk.Run.State == RunState.Stopping) return await EndProcess(atEnd, ct);
        var untaken = _place.Journal.Read(db => SteerTable.Untaken(db, _talk.Run.Id));
        foreach (var steer in untaken) _talk.Say(steer);
        await _talk.Store(ct);
        if (await _watchdog.Judge(_talk, atEnd ? SpoolPosition.AtEnd : SpoolPosition.Behind) is { } fault) await Fault(fault, ct);
        var advice = RunRules.Advise(await Facts(ct));
        return advice switch
        {
            RunAdvice.Follow => untaken.Count > 0,
            RunAdvice.AskToCommit => await AskToCommit(ct),
            RunAdvice.Finish => await Finish(ct),
            RunAdvice.End => await Interrupt(ct),
        };
    }

    private async Task<RunFacts> Facts(CancellationToken ct)
    {
        var run = _talk.Run;
        var (last, steers, approvals) = _place.Journal.Read(db => (
            TurnTable.LastEnded(db, run.Id)?.Result, SteerTable.CountOpen(db, run.Id), ApprovalTable.CountPending(db, run.Id)));
        var facts = new RunFacts
        {
            Role = run.Role,
            State = run.State,
            HasWorktree = !run.NoWorktree,
            Stop = run.Stop,
            Fault = run.Fault,
            LastTurn = last,
            TurnOpen = _talk.TurnOpen,
            OpenSteers = steers,
            OpenApprovals = approvals,
            CommitAsks = run.Progress.CommitAsks,
        };
        // The worktree is looked at only when everything else is over.
        if (RunRules.Advise(facts with { DirtyFiles = 1 }) != RunAdvice.AskToCommit || await Worktree(ct) is not { } worktree) return facts;
        try
        {
            return facts with { DirtyFiles = (await Node.Trees.Facts.Read(worktree, run.Base!.Value, ct)).UncommittedCount };
        }
        catch (GitFailedException e)
        {
            // An agent may leave its worktree in a state that git cannot tell about. The run ends all the same, and says so when it settles.
            RunLog.Trouble(_place.Log, e, run.Id.Value);
            return facts;
        }
    }

    private async Task<bool> AskToCommit(CancellationToken ct)
    {
        _talk.AskToCommit("""
            Your worktree has uncommitted changes. Commit what belongs to the ticket, in commits whose messages say what changed and why, and remove or
            ignore the rest. Then end your turn with the summary.
            """);
        await _talk.Store(ct);
        return true;
    }

    /// <summary>Nothing is open: the agent's input is closed. A message that came in this very moment is still served.</summary>
    private async Task<bool> Finish(CancellationToken ct)
    {
        var id = _talk.Run.Id;
        if (_place.Journal.Read(db => SteerTable.CountOpen(db, id)) > 0) return true;
        _talk.Apply(new Input.Finish());
        await _talk.Store(ct, tx =>
        {
            Leave(tx);
            RunTable.RecordFinish(tx, id);
        });
        _place.Crash.At(CrashPoint.FinishIntended);
        return true;
    }

    /// <summary>Somebody or something wants it to end: the turn is interrupted first, so that the agent can put its things in order.</summary>
    private async Task<bool> Interrupt(CancellationToken ct)
    {
        var now = _place.Time.GetUtcNow();
        if (_interruptedAt is null && _talk is { TurnOpen: true, CanInterrupt: true, Run.Progress.AcceptedAt: not null } && _talk.Run.Fault is null)
        {
            _interruptedAt = now;
            _talk.Apply(new Input.Interrupt());
            await _talk.Store(ct);
            return true;
        }

        if (_interruptedAt is { } at && _talk.TurnOpen && now - at < Courtesy) return false;
        await _talk.Store(ct, Leave);
        return true;
    }

    private void Leave(Tx tx)
    {
        var run = _talk.Run;
        if (RunTable.Move(tx, run.Id, RunState.Live, RunState.Stopping) || RunTable.Move(tx, run.Id, RunState.Starting, RunState.Stopping))
            tx.Emit(EventTypes.RunStopping, new(run.Project, run.Ticket, run.Id), RunActor.Loop);
    }

    private async Task<bool> EndProcess(bool atEnd, CancellationToken ct)
    {
        if (_talk.Run is { FinishAt: { } finishing, Stop: null, Fault: null } && _place.Time.GetUtcNow() - finishing < Courtesy + Grace)
        {
            if (!_inputEnded) await InputFile.End(_job, Courtesy, _place.Time, ct);
            var first = !_inputEnded;
            _inputEnded = true;
            return first;
        }

        await Stopper.Stop(_job, Grace, _place.Time, ct);
        _isThorough = true;
        await Look();
        return _seen is JobState.Exited or JobState.Gone || !atEnd;
    }

    private async Task Fault(Fault fault, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        await _place.Journal.Do(Priority.Urgent, tx => RunTable.RecordFault(tx, _talk.Run.Id, fault));
        _isThorough = true;
        _talk.Refresh();
    }

    /// <summary>The process has ended. What it left behind is ended too, its last output is read, and the machine is told.</summary>
    private async Task<Farewell> Part(CancellationToken ct)
    {
        OpenGate();
        if (_seen is JobState.Gone { Why: var why }) await Fault(new(Outcome.Lost, null, why), ct);
        var stopped = await Stopper.Stop(_job, TimeSpan.Zero, _place.Time, ct);
        while (!await Read(ct))
        {
            // More slices follow.
        }

        using (var last = _spool.ReadLast())
        {
            if (last is SpoolRead.Slice slice)
            {
                foreach (var item in slice.Items) Take(item);
                _talk.ReadTo(slice.Watermark);
            }
        }

        var code = (_seen as JobState.Exited)?.Code;
        if (_talk.Run.Exit is null)
        {
            _talk.Apply(new Input.Exited(code, ErrorTail.Read(_job, 20)));
            await _talk.Store(ct, tx =>
            {
                Leave(tx);
                RunTable.RecordExit(tx, _talk.Run.Id, code);
            });
        }

        _place.Crash.At(CrashPoint.ProcessGone);
        return Farewell.Of(stopped);
    }

    private async Task<Worktree?> Worktree(CancellationToken ct) => await RunWorktree.Of(_place, _talk.Run, ct);

    private void OpenGate()
    {
        if (!_holdsGate) return;
        _holdsGate = false;
        _place.StartGate.Release();
    }

    public void Dispose()
    {
        OpenGate();
        _spool.Dispose();
    }
}

/// <param name="Note">What a human should know of how the process ended; null when nothing.</param>
internal sealed record Farewell(string? Note)
{
    public static Farewell Of(StopResult stopped) =>
        new(stopped is StopResult.MayHaveEscaped escaped ? $"something of the agent may have escaped: {escaped.Why}" : null);
}
