using System.Globalization;

namespace Drover.Core;

/// <summary>How often and when failed work is begun again.</summary>
/// <param name="Most">Retries in a row; 0 = none.</param>
/// <param name="First">The delay before the first; each further one is twice as long.</param>
public sealed record RetryLimits(int Most, TimeSpan First)
{
    public static readonly RetryLimits Usual = new(3, TimeSpan.FromSeconds(30));

    public static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(30);
}

/// <summary>What a run's bad end means for its ticket.</summary>
public abstract record RetryDecision
{
    private RetryDecision() { }

    /// <param name="Counts">Whether it uses up one of the retries; waiting for a vendor never does.</param>
    /// <param name="Fresh">Whether the conversation itself is at fault, so that a new one is begun.</param>
    public sealed record Again(DateTimeOffset At, bool Counts, bool Fresh) : RetryDecision;

    public sealed record Block(string Why) : RetryDecision;
}

/// <summary>Tells failures that another try may mend from those that need somebody.</summary>
public static class RetryRules
{
    /// <param name="retries">How many in a row there have been.</param>
    /// <param name="ended">When the run ended.</param>
    public static RetryDecision Of(Ending ending, int retries, DateTimeOffset ended, RetryLimits limits)
    {
        var cause = ending.Class ?? FailureClass.Other;
        if (ending.Outcome is Outcome.Stopped or Outcome.Interrupted) return new RetryDecision.Block("somebody ended it");
        if (ending.Outcome == Outcome.Failed && Parks(cause) && ending.ResetsAt is { } reset && reset > ended + limits.First)
            return new RetryDecision.Again(reset, Counts: false, Fresh: false);
        if (ending.Outcome == Outcome.Failed && !Helps(cause)) return new RetryDecision.Block(Needs(cause));
        if (retries >= limits.Most)
            return new RetryDecision.Block(limits.Most == 0 ? "nothing is tried again by itself (retries.most)" : string.Create(CultureInfo.InvariantCulture, $"it was tried again {limits.Most} time{(limits.Most == 1 ? "" : "s")} (retries.most)"));
        var delay = limits.First * Math.Pow(2, Math.Min(retries, 20));
        return new RetryDecision.Again(ended + (delay < RetryLimits.LongestDelay ? delay : RetryLimits.LongestDelay), Counts: true,
            Fresh: ending.Outcome == Outcome.Failed && cause is FailureClass.Context or FailureClass.Protocol);
    }

    /// <summary>The account's limit, which is lifted at a known time.</summary>
    private static bool Parks(FailureClass cause) => cause is FailureClass.UsageLimit or FailureClass.RateLimit;

    private static bool Helps(FailureClass cause) => cause switch
    {
        FailureClass.RateLimit or FailureClass.UsageLimit or FailureClass.Overloaded or FailureClass.Context or FailureClass.Connection or FailureClass.Crashed or FailureClass.Killed
            or FailureClass.Silent or FailureClass.Protocol or FailureClass.NoCommits or FailureClass.Other => true,
        FailureClass.Auth or FailureClass.MaxTurns or FailureClass.Budget or FailureClass.Refused => false,
    };

    private static string Needs(FailureClass cause) => cause switch
    {
        FailureClass.Auth => "the agent's login has to be mended first",
        FailureClass.MaxTurns or FailureClass.Budget => "its limit has to be raised, or the ticket made smaller",
        FailureClass.Refused => "the model will not do it as it is written",
        FailureClass.RateLimit or FailureClass.UsageLimit or FailureClass.Overloaded or FailureClass.Context or FailureClass.Connection or FailureClass.Crashed or FailureClass.Killed
            or FailureClass.Silent or FailureClass.Protocol or FailureClass.NoCommits or FailureClass.Other => "it does not pass by itself",
    };
}
