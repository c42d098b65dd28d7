using System.Globalization;

namespace Drover.Core;

/// <summary>How long a run has waited for its vendor, and may.</summary>
/// <param name="InARow">Waits since the agent last got on with its work.</param>
/// <param name="Total">All that the run has waited so far.</param>
/// <param name="Limit">The most that it may wait in all.</param>
public sealed record Patience(int InARow, TimeSpan Total, TimeSpan Limit);

/// <summary>What the end of a turn means for going on with its conversation.</summary>
public abstract record WaitDecision
{
    private WaitDecision() { }

    /// <summary>It has not ended in anything that passes by itself.</summary>
    public sealed record Settled : WaitDecision;

    /// <summary>The same conversation goes on then.</summary>
    public sealed record Until(DateTimeOffset At) : WaitDecision;

    /// <summary>It would pass, but not in the time that the run may wait.</summary>
    public sealed record TooLong(string Why) : WaitDecision;
}

/// <summary>Waits out what a vendor's trouble takes: the account's allowance, too many requests, no capacity, a broken line. That is no retry: the
/// conversation stands, and goes on where it stopped.</summary>
public static class WaitRules
{
    /// <summary>The first wait when the vendor names no time; each further one in a row is twice as long.</summary>
    public static readonly TimeSpan First = TimeSpan.FromSeconds(5);

    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>The most that is added so that agents of one account do not all come back in the same moment.</summary>
    public static readonly TimeSpan LongestSpread = TimeSpan.FromSeconds(30);

    /// <summary>Whether the turn failed for a reason that passes without anybody's doing, while the agent itself is well.</summary>
    public static bool IsTransient(TurnResult turn) => turn is { Outcome: Outcome.Failed, Retryable: true, Class: { } cause } && Passes(cause);

    /// <param name="ended">When the turn ended.</param>
    /// <param name="spread">From 0 to 1, at random: how much is added.</param>
    public static WaitDecision Of(TurnResult turn, DateTimeOffset ended, Patience patience, double spread)
    {
        if (!IsTransient(turn)) return new WaitDecision.Settled();
        if (turn is { Class: FailureClass.UsageLimit, ResetsAt: null }) return new WaitDecision.TooLong("the vendor did not say when the limit is lifted");
        var named = turn.ResetsAt is { } at && at > ended ? at - ended : TimeSpan.Zero;
        var wait = Max(named, named > TimeSpan.Zero && patience.InARow == 0 ? TimeSpan.Zero : Step(patience.InARow));
        if (patience.Total + wait > patience.Limit) return new WaitDecision.TooLong(Why(turn, named, patience));
        return new WaitDecision.Until(ended + wait + (Min(wait / 4, LongestSpread) * Math.Clamp(spread, 0, 1)));
    }

    private static TimeSpan Step(int inARow) => Min(First * Math.Pow(2, Math.Min(inARow, 20)), Longest);

    private static string Why(TurnResult turn, TimeSpan named, Patience patience)
    {
        var limit = $"limits.wait is {Words(patience.Limit)}";
        if (named > TimeSpan.Zero) return $"it is lifted at {turn.ResetsAt!.Value.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC, and {limit}";
        return patience.Total > TimeSpan.Zero ? $"the run has waited {Words(patience.Total)} for it to pass, and {limit}" : limit;
    }

    private static bool Passes(FailureClass cause) => cause switch
    {
        FailureClass.RateLimit or FailureClass.UsageLimit or FailureClass.Overloaded or FailureClass.Connection => true,
        FailureClass.Auth or FailureClass.Context or FailureClass.MaxTurns or FailureClass.Budget or FailureClass.Refused or FailureClass.Crashed
            or FailureClass.Killed or FailureClass.Silent or FailureClass.Protocol or FailureClass.NoCommits or FailureClass.Other => false,
    };

    private static string Words(TimeSpan time) => time switch
    {
        { TotalMinutes: < 2 } => FormattableString.Invariant($"{time.TotalSeconds:0} s"),
        { TotalHours: < 2 } => FormattableString.Invariant($"{time.TotalMinutes:0} min"),
        _ => FormattableString.Invariant($"{time.TotalHours:0.#} h"),
    };

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
