namespace Drover.Server.Conformance;

/// <summary>What the conformance kit tries with an agent's program, in the order in which it is shown.</summary>
internal enum KitStep
{
    Start, PromptAccepted, ToolCall, Approval, Steer, Interrupt, Resume, Fork, UsageReported, RateLimit, UsageLimit, AuthError, Crash, Silence,
}

internal enum StepOutcome
{
    Passed,

    /// <summary>It should be able to, and is not.</summary>
    Failed,

    /// <summary>The protocol or the program cannot do it, and says so. Drover does without.</summary>
    Absent,

    /// <summary>It was not tried; nothing is known.</summary>
    Skipped,
}

/// <param name="Why">For people; null when it passed and there is nothing to add.</param>
/// <param name="Evidence">What was seen: the last lines of its standard error and output.</param>
internal sealed record StepResult(StepOutcome Outcome, string? Why, IReadOnlyList<string> Evidence)
{
    public static readonly StepResult Passed = new(StepOutcome.Passed, null, []);

    public static StepResult Absent(string why) => new(StepOutcome.Absent, why, []);

    public static StepResult Skipped(string why) => new(StepOutcome.Skipped, why, []);

    public static StepResult Failed(string why, IReadOnlyList<string> evidence) => new(StepOutcome.Failed, why, evidence);
}
