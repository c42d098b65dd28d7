using Drover.Core;
using Drover.Node.Keeping;
using Drover.Node.Spooling;
using Drover.Server.Host;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>Follows an agent's process from its start to its end: reads what it writes, gives it what is to be said, and ends it when its work is done or
/// somebody wants it to. What it remembers is a cache of the run's row, its checkpoint and its spool; opened anew it goes on where the last transaction ended.</summary>
internal sealed class Following : IDisposable
{
    private readonly RunPlace _place;
    private readonly Wake _wake;
    private readonly JobDirectory _job;
    private readonly Launching _launch;
    private readonly Talk _talk;
    private readonly Watchdog _watchdog;
    private readonly Answering _answering;
    private readonly TurnBudget _budget;
    private readonly Looking _looking;
    private readonly StartingUp _startingUp;
    private readonly Reading _reading;
    private readonly Findings _findings;
    private readonly Waiting _waiting;
    private readonly Departing _departing;
    private readonly TerminalDesk _terminals;
    private bool _isThorough = true;

    private Following(RunPlace place, RunRow run, Wake wake, Launching launch)
    {
        (_place, _wake, _launch) = (place, wake, launch);
        _job = place.Job(run.Id);
        _talk = Talk.Open(place, run, launch);
        _watchdog = new Watchdog(place, run, launch);
        _answering = new Answering(place, _talk, launch.Settings.Approvals?.ToPolicy() ?? ApprovalPolicy.Of(ApprovalChoice.Deny));
        _budget = new TurnBudget(place, _talk, launch.Settings.Limits.Turns, launch.Adapter.With(launch.Settings.Options).SaysInsideTurn);
        _looking = new Looking(place, _talk, _job);
        _startingUp = new StartingUp(place, _talk, launch, _job);
        _reading = new Reading(_talk, _watchdog, _job, launch.Settings.SpoolQuota);
        _findings = new Findings(place, _talk, launch.Settings.Limits);
        _waiting = new Waiting(place, _talk);
        _departing = new Departing(place, _talk, _looking, _job);
        _terminals = new TerminalDesk(place, _talk, launch, _watchdog, wake);
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
        await _startingUp.Do(ct);
        _place.Jobs.Follow(_job);
        await _looking.Look();
        await _departing.CloseInput(Departing.Courtesy, ct);
        while (true)
        {
            // Each output costs a look at the spool only; rows and processes are looked at when somebody has signalled, each second, and when the talk moved on.
            _isThorough |= _wake.TakeThorough();
            await (_isThorough ? _looking.Look() : _looking.Glance());
            var atEnd = await _reading.Next(ct);
            _isThorough |= _talk.Machine.TakeMoved();
            if (_talk.Run.Progress.HandshakeAt is not null) _startingUp.OpenGate();
            if (_looking.IsOver || _looking.Seen is JobState.NotStarted && atEnd) break;
            var served = await _terminals.Do(ct);
            if (_isThorough && (_isThorough = await Act(atEnd, ct) || !atEnd)) continue;
            if (atEnd && !served) await _wake.WaitAsync(ct);
        }

        _startingUp.OpenGate();
        return await _departing.Part(_reading, ct);
    }

    /// <summary>Does what the rows and the rules ask for; true when something was done, so that it is looked again at once.</summary>
    private async Task<bool> Act(bool atEnd, CancellationToken ct)
    {
        _talk.Refresh();
        if (_talk.Run.State == RunState.Stopping) return await _departing.EndProcess(atEnd, ct);
        var answered = await _answering.Do(ct);
        var said = _budget.Sayable();
        foreach (var steer in said) _talk.Machine.Say(steer);
        await _talk.Store(ct);
        await _departing.CloseInput(TimeSpan.Zero, ct);
        if (await _watchdog.Judge(_talk, atEnd ? SpoolPosition.AtEnd : SpoolPosition.Behind, _answering.Open) is { } fault) await _talk.Fault(fault, ct);
        if (atEnd && _watchdog.IsOverdue(_talk)) await _talk.GiveUp(ct);
        var facts = await _findings.Gather(_budget.Withheld, ct);
        return RunRules.Advise(facts) switch
        {
            RunAdvice.Follow => said.Count > 0 || answered,
            RunAdvice.Wait => await _waiting.Begin(facts),
            RunAdvice.GoOn => await _waiting.GoOn(facts, ct),
            RunAdvice.AskToCommit => await AskToCommit(ct),
            RunAdvice.OutOfTurns => await EndForTurns(facts, ct),
            RunAdvice.Finish => await _departing.Finish(ct),
            RunAdvice.End => await _departing.Interrupt(ct),
        };
    }

    private async Task<bool> AskToCommit(CancellationToken ct)
    {
        _talk.Machine.AskToCommit("""
            Your worktree has uncommitted changes. Commit what belongs to the ticket, in commits whose messages say what changed and why, and remove or
            ignore the rest. Then end your turn with the summary.
            """);
        await _talk.Store(ct);
        return true;
    }

    private async Task<bool> EndForTurns(RunFacts facts, CancellationToken ct)
    {
        await _talk.Fault(TurnRules.OutOfTurns(facts), ct);
        return true;
    }

    public void Dispose()
    {
        _startingUp.Dispose();
        _reading.Dispose();
    }
}
