using System.Collections.Immutable;

namespace Drover.Core;

/// <summary>How long a run may go on.</summary>
/// <param name="Idle">Without a sign of life in an open turn, while no tool call and no question is open.</param>
/// <param name="Tool">For one tool call.</param>
/// <param name="Wall">For the whole run, without the time in which an answer to the agent's question was waited for.</param>
public sealed record TimeLimits(TimeSpan Idle, TimeSpan Tool, TimeSpan Wall);

public enum TimeLimit { Idle, Tool, Wall }

/// <summary>A limit that a run has passed.</summary>
public sealed record Overrun(TimeLimit Limit, TimeSpan Spent, TimeSpan Allowed)
{
    /// <summary>One sentence for people.</summary>
    public string Reason => Limit switch
    {
        TimeLimit.Idle => $"no sign of life for {Words(Spent)} within an open turn (limits.idle is {Words(Allowed)})",
        TimeLimit.Tool => $"one tool call has been open for {Words(Spent)} (limits.tool is {Words(Allowed)})",
        TimeLimit.Wall => $"the run has gone on for {Words(Spent)} (limits.wall is {Words(Allowed)})",
    };

    private static string Words(TimeSpan time) => FormattableString.Invariant($"{Math.Floor(time.TotalSeconds)} s");
}

/// <summary>How much of the spool has been read.</summary>
public enum SpoolPosition { Behind, AtEnd }

/// <summary>Counts a run's time. The clock of it is <see cref="Watched"/>: it goes on only while the machine was awake and the server was watching, so that sleep and
/// downtime extend every limit. Immutable, and all of it may be stored with the run.</summary>
/// <param name="Watched">The time that counts, since the run began.</param>
/// <param name="SignAt">The last sign of life, or the turn's beginning, on that clock.</param>
/// <param name="Tools">The open tool calls by id, and since when.</param>
/// <param name="AskedAt">Since when an answer is waited for; null when none is.</param>
/// <param name="Asked">How many answers are waited for.</param>
public sealed record Deadlines(TimeSpan Watched, bool TurnOpen, TimeSpan SignAt, ImmutableSortedDictionary<string, TimeSpan> Tools, TimeSpan? AskedAt, int Asked)
{
    public static readonly Deadlines Begin =
        new(TimeSpan.Zero, false, TimeSpan.Zero, ImmutableSortedDictionary.Create<string, TimeSpan>(StringComparer.Ordinal), null, 0);

    /// <summary>How much of the watched time an answer was waited for, up to the last one that came.</summary>
    public TimeSpan Waited { get; init; }

    /// <summary>The time that the wall limit counts: what was watched without what an answer was waited for.</summary>
    public TimeSpan Worked => Watched - Waited - (AskedAt is { } since ? Watched - since : TimeSpan.Zero);

    /// <summary>Time has been watched; see <see cref="WatchClock"/>.</summary>
    public Deadlines Pass(TimeSpan watched) => this with { Watched = Watched + watched };

    /// <summary>The agent has written something that shows that it gets on.</summary>
    public Deadlines Sign() => this with { SignAt = Watched };

    public Deadlines TurnBegan() => Sign() with { TurnOpen = true };

    /// <summary>What was open in the turn is over with it.</summary>
    public Deadlines TurnEnded() => Sign() with { TurnOpen = false, Tools = Tools.Clear(), AskedAt = null, Asked = 0, Waited = Watched - Worked };

    public Deadlines ToolCalled(string callId) => Sign() with { Tools = Tools.SetItem(callId, Watched) };

    public Deadlines ToolReturned(string callId) => Sign() with { Tools = Tools.Remove(callId) };

    /// <summary>The agent waits for an answer; until it has one, neither its silence nor its tool calls nor the length of the run count.</summary>
    public Deadlines AnswerAsked() => Sign() with { AskedAt = AskedAt ?? Watched, Asked = Asked + 1 };

    public Deadlines AnswerGiven()
    {
        if (AskedAt is not { } since) return this;
        if (Asked > 1) return this with { Asked = Asked - 1 };
        var waited = Watched - since;
        return Sign() with { Asked = 0, AskedAt = null, Waited = Waited + waited, Tools = Tools.ToImmutableSortedDictionary(t => t.Key, t => Min(t.Value + waited, Watched), StringComparer.Ordinal) };
    }

    /// <summary>The limit that is passed, or null. A run is never judged before its spool is read to the end: a sign of life may stand there.</summary>
    public Overrun? Judge(TimeLimits limits, SpoolPosition position)
    {
        if (position == SpoolPosition.Behind || AskedAt is not null) return null;
        if (Worked > limits.Wall) return new(TimeLimit.Wall, Worked, limits.Wall);
        if (!TurnOpen) return null;
        if (Tools.IsEmpty) return Watched - SignAt > limits.Idle ? new(TimeLimit.Idle, Watched - SignAt, limits.Idle) : null;
        var longest = Watched - Tools.Values.Min();
        return longest > limits.Tool ? new(TimeLimit.Tool, longest, limits.Tool) : null;
    }

    /// <summary>A silence or a tool call that has taken more than half of what it may; null while there is none. Judged as <see cref="Judge"/> does.</summary>
    public Overrun? Warn(TimeLimits limits, SpoolPosition position) =>
        Judge(limits with { Idle = limits.Idle / 2, Tool = limits.Tool / 2, Wall = TimeSpan.MaxValue }, position);

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}

/// <summary>Says how much of the time between two looks was watched. One for each server's life: what lies before its first look counts nothing.</summary>
/// <param name="LastLook">A clock that nobody sets and that stands still while the machine sleeps; null before the first look.</param>
public readonly record struct WatchClock(TimeSpan? LastLook)
{
    /// <summary>The most that one step counts: a longer one means that the server itself stood still, or that the clock runs on in sleep.</summary>
    public static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(5);

    /// <summary>The clock after a look, and the time that counts since the one before it.</summary>
    public (WatchClock Clock, TimeSpan Watched) Look(TimeSpan now)
    {
        var step = LastLook is { } last ? now - last : TimeSpan.Zero;
        return (new(now), step < TimeSpan.Zero ? TimeSpan.Zero : step > LongestStep ? LongestStep : step);
    }
}
