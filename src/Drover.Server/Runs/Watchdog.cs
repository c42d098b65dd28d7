using Drover.Agents;
using Drover.Core;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>Judges an agent's silence and the length of its run. Only time counts in which the machine and the server were awake and watching.</summary>
internal sealed class Watchdog
{
    private static readonly TimeSpan StoreEvery = TimeSpan.FromSeconds(30);

    private readonly RunPlace _place;
    private readonly TimeLimits _limits;
    private readonly Launch _plan;
    private readonly long _began;
    private WatchClock _clock;
    private Deadlines _deadlines;
    private TimeSpan _stored;
    private TimeSpan _phaseAt;
    private Phase _phase;
    private SilenceFact? _silence;
    private (FailureClass Class, string Text)? _inVain;
    private Struggle _struggle = Struggle.None;

    public Watchdog(RunPlace place, RunRow run, Launching launch)
    {
        (_place, _plan, _began) = (place, launch.Plan, place.Time.GetTimestamp());
        _limits = launch.Settings.Limits.Times;
        _silence = run.Silence;
        var watched = run.Progress.Awake;
        (_stored, _phaseAt) = (watched, watched);
        _deadlines = (Deadlines.Begin with { Watched = watched, TurnOpen = run.Progress.TurnOpen }).Sign();
        // Which calls were open is not stored, only how many; each stands for the next one that returns.
        foreach (var call in Enumerable.Range(1, run.Progress.OpenTools)) _deadlines = _deadlines.ToolCalled($"{Adopted}{call}");
    }

    private enum Phase { Greeting, Accepting, Working }

    private const string Adopted = "\0adopted ", Command = "\0command ";

    /// <summary>The agent has written a line that means this. A line of which nothing is made is a sign of life too: a long call of a tool being written, say.</summary>
    public void Hear(IReadOnlyList<AgentEvent> line)
    {
        if (line.Count == 0 || line.Any(IsSign)) (_deadlines, _inVain) = (_deadlines.Sign(), null);
        foreach (var e in line)
        {
            var trouble = Trouble(e);
            _inVain = trouble ?? _inVain;
            _struggle = e is AgentEvent.ToolReturned or AgentEvent.TurnEnded ? Struggle.None : trouble is var (cause, text) ? _struggle.Met(cause, text) : _struggle;
            _deadlines = e switch
            {
                AgentEvent.ToolCalled { InBackground: false } called => _deadlines.ToolCalled(called.CallId),
                AgentEvent.ToolReturned { InBackground: false } returned => _deadlines.ToolReturned(Open(returned.CallId)),
                AgentEvent.TurnEnded => _deadlines.TurnEnded(),
                _ => _deadlines,
            };
        }
    }

    /// <summary>Whether it shows that the agent gets on. One that tries again and again to reach its model writes nothing but trouble, and without end.</summary>
    public static bool IsSign(AgentEvent e) => Trouble(e) is null;

    private static (FailureClass Class, string Text)? Trouble(AgentEvent e) => e switch
    {
        AgentEvent.Trouble t => (t.Class, t.Text),
        AgentEvent.Limit l => (l.Class, l.Text),
        _ => null,
    };

    /// <summary>Null while all is well.</summary>
    /// <param name="asked">How many questions of the agent wait for an answer; nothing but its start is judged meanwhile.</param>
    public async Task<Fault?> Judge(Talk talk, SpoolPosition position, int asked)
    {
        (_clock, var watched) = _clock.Look(_place.Time.GetElapsedTime(_began));
        // A wait for the vendor counts for no limit but its own.
        if (talk.Run.Wait.Until is null) _deadlines = _deadlines.Pass(watched);
        if (talk.Machine.TurnOpen != _deadlines.TurnOpen) _deadlines = talk.Machine.TurnOpen ? _deadlines.TurnBegan() : _deadlines.TurnEnded();
        Await([.. talk.Machine.Terminals.Where(t => t.IsAwaited).Select(t => Command + t.Id)]);
        if (asked > 0 != _deadlines.AskedAt is not null) _deadlines = asked > 0 ? _deadlines.AnswerAsked() : _deadlines.AnswerGiven();
        var (now, worked) = (_deadlines.Watched, _deadlines.Worked);
        var phase = talk.Run.Progress switch { { HandshakeAt: null } => Phase.Greeting, { AcceptedAt: null } => Phase.Accepting, _ => Phase.Working };
        if (phase != _phase) (_phase, _phaseAt) = (phase, now);
        if (worked - _stored > StoreEvery)
        {
            _stored = worked;
            await _place.Journal.Do(Priority.Urgent, tx => RunTable.RecordAwake(tx, talk.Run.Id, worked));
        }

        if (position == SpoolPosition.Behind) return null;
        await Tell(talk.Run, _deadlines.Warn(_limits, position));
        return phase switch
        {
            Phase.Greeting when now - _phaseAt > _plan.StartUpBound =>
                Silent($"the agent did not answer its handshake within {_plan.StartUpBound.TotalSeconds:0.#} s"),
            Phase.Accepting when now - _phaseAt > _plan.AcceptBound =>
                Silent($"the agent did not take up its first prompt within {_plan.AcceptBound.TotalSeconds:0.#} s of its handshake"),
            Phase.Working => _deadlines.Judge(_limits, position) is { } overrun ? Fault(overrun) : _struggle.Judge(),
            Phase.Greeting or Phase.Accepting => _deadlines.Judge(_limits, position) is { Limit: TimeLimit.Wall } overrun ? Fault(overrun) : null,
        };
    }

    /// <summary>Whether the agent has been silent for longer than it may be with what it owes.</summary>
    public bool IsOverdue(Talk talk) => talk.Machine.Patience is { } patience && _deadlines.AskedAt is null && _deadlines.Watched - _deadlines.SignAt > patience;

    /// <summary>Stores when a silence becomes long, and when it is over.</summary>
    private async Task Tell(RunRow run, Overrun? warning)
    {
        if (warning?.Limit == _silence?.Limit) return;
        _silence = warning is null ? null : new(warning.Limit, _place.Time.GetUtcNow() - warning.Spent);
        await _place.Journal.Do(Priority.Urgent, tx => RunTable.RecordSilence(tx, run.Id, _silence));
    }

    /// <summary>A command that is run for the agent is a tool call that is open while the agent waits for its end.</summary>
    private void Await(IReadOnlyList<string> commands)
    {
        foreach (var over in _deadlines.Tools.Keys.Where(k => k.StartsWith(Command, StringComparison.Ordinal) && !commands.Contains(k))) _deadlines = _deadlines.ToolReturned(over);
        foreach (var begun in commands.Where(c => !_deadlines.Tools.ContainsKey(c))) _deadlines = _deadlines.ToolCalled(begun);
    }

    private string Open(string callId) => _deadlines.Tools.ContainsKey(callId) ? callId
        : _deadlines.Tools.Keys.FirstOrDefault(k => k.StartsWith(Adopted, StringComparison.Ordinal)) ?? callId;

    private Fault Fault(Overrun overrun) => overrun.Limit switch
    {
        TimeLimit.Idle when _inVain is var (@class, text) => new(Outcome.Failed, @class, $"{overrun.Reason}; all it wrote was trouble, last: {text}"),
        TimeLimit.Idle or TimeLimit.Tool => Silent(overrun.Reason),
        TimeLimit.Wall => new(Outcome.Failed, FailureClass.Budget, overrun.Reason),
    };

    private static Fault Silent(string reason) => new(Outcome.Failed, FailureClass.Silent, reason);
}
