namespace Drover.Node.Containing;

/// <summary>What is known of a job's processes after it was stopped.</summary>
public abstract record StopResult
{
    private StopResult() { }

    /// <summary>None is left, and <paramref name="Proof"/> says what proves it.</summary>
    public sealed record Verified(string Proof) : StopResult;

    /// <param name="Pids">Processes known to be left; empty when none is known and none can be ruled out.</param>
    public sealed record MayHaveEscaped(IReadOnlyList<int> Pids, string Why) : StopResult;
}
