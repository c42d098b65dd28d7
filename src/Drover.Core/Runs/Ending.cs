namespace Drover.Core;

/// <summary>How a run or a turn ended. Every ending has a reason and an actor.</summary>
/// <param name="Class">Set when the outcome is a failure.</param>
/// <param name="Retryable">Whether waiting and going on with the same conversation may help.</param>
/// <param name="ResetsAt">When a limit is lifted, if the vendor said so.</param>
public sealed record Ending(Outcome Outcome, FailureClass? Class, string Reason, Principal Actor)
{
    public bool Retryable { get; init; }

    public DateTimeOffset? ResetsAt { get; init; }
}
