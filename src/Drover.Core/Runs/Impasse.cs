namespace Drover.Core;

/// <summary>How far a run has got. The same twice over means that nothing of it has been stored in between.</summary>
/// <param name="Watermark">The bytes of the agent's output that have been read.</param>
/// <param name="InputEnd">The bytes that the agent has been given.</param>
public readonly record struct RunPosition(RunState State, long Watermark, long InputEnd);

/// <summary>Failures at one place, without any success between them that would be known of. Times are of a clock that nobody sets.</summary>
/// <param name="Since">The first of them.</param>
/// <param name="Last">The last of them.</param>
public sealed record Impasse(RunPosition At, TimeSpan Since, TimeSpan Last)
{
    /// <summary>How long a run may fail without having got any further before it is given up; then something of it is broken and not the machine's mood.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>After a further failure.</summary>
    /// <param name="before">Null when none is known of.</param>
    public static Impasse After(Impasse? before, RunPosition at, TimeSpan now) =>
        before is null || before.At != at || (IsFollowed(at.State) && now - before.Last > Patience) ? new(at, now, now) : before with { Last = now };

    /// <summary>Whether it has gone on for too long.</summary>
    public bool IsBroken => Last - Since > Patience;

    /// <summary>A run whose agent works or waits is followed for as long as all goes well, without getting any further: what lies between two failures that are far apart went well.
    /// Any other state is passed through, and what takes long in it before it fails is the failure itself.</summary>
    private static bool IsFollowed(RunState state) => state switch
    {
        RunState.Starting or RunState.Live => true,
        RunState.Reserved or RunState.Preparing or RunState.Stopping or RunState.Settled => false,
    };
}
