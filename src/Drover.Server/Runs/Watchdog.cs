using Drover.Core;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>Judges an agent's silence. Only time counts in which the machine and the server were awake and watching; nothing is judged before all that the
/// agent has written is read.</summary>
internal sealed class Watchdog
{
    /// <summary>The most that one look may add: between two looks of an awake server lies about a second.</summary>
    private static readonly TimeSpan LookAtMost = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan StoreEvery = TimeSpan.FromSeconds(30);

    private readonly RunPlace _place;
    private readonly RunLimits _limits;
    private readonly TimeSpan _startUp;
    private readonly TimeSpan _accept;
    private long _lastLook;
    private TimeSpan _wall;
    private TimeSpan _stored;
    private TimeSpan _silent;
    private TimeSpan _inPhase;
    private Phase _phase;

    public Watchdog(RunPlace place, RunRow run, Launching launch)
    {
        (_place, _limits, _startUp, _accept) = (place, launch.Settings.Limits, launch.Plan.StartUpBound, launch.Plan.AcceptBound);
        (_wall, _stored) = (run.Progress.Awake, run.Progress.Awake);
        _lastLook = place.Time.GetTimestamp();
    }

    private enum Phase { Greeting, Accepting, Working }

    /// <summary>The agent has written something.</summary>
    public void Sign() => _silent = TimeSpan.Zero;

    /// <summary>Null while all is well.</summary>
    public async Task<Fault?> Judge(Talk talk)
    {
        var passed = _place.Time.GetElapsedTime(_lastLook);
        _lastLook = _place.Time.GetTimestamp();
        if (passed > LookAtMost) passed = LookAtMost;
        var run = talk.Run;
        var phase = run.Progress switch { { HandshakeAt: null } => Phase.Greeting, { AcceptedAt: null } => Phase.Accepting, _ => Phase.Working };
        if (phase != _phase) (_phase, _inPhase) = (phase, TimeSpan.Zero);
        (_wall, _silent, _inPhase) = (_wall + passed, _silent + passed, _inPhase + passed);
        if (_wall - _stored > StoreEvery)
        {
            _stored = _wall;
            await _place.Journal.Do(Priority.Urgent, tx => RunTable.RecordAwake(tx, run.Id, _wall));
        }

        return phase switch
        {
            Phase.Greeting when _inPhase > _startUp => Silent($"the agent did not answer its handshake within {_startUp.TotalSeconds:0} s"),
            Phase.Accepting when _inPhase > _accept => Silent($"the agent did not take up its first prompt within {_accept.TotalSeconds:0} s of its handshake"),
            Phase.Working when talk.TurnOpen && run.Progress.OpenTools > 0 && _silent > _limits.Tool => Silent($"a tool call gave nothing for {_limits.Tool}"),
            Phase.Working when talk.TurnOpen && run.Progress.OpenTools == 0 && _silent > _limits.Idle => Silent($"the agent was silent for {_limits.Idle}"),
            Phase.Greeting or Phase.Accepting or Phase.Working => _wall > _limits.Wall
                ? new(Outcome.Failed, FailureClass.Budget, $"the run took longer than its limit of {_limits.Wall}") : null,
        };
    }

    private static Fault Silent(string reason) => new(Outcome.Failed, FailureClass.Silent, reason);
}
