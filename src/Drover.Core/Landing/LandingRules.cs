namespace Drover.Core;

/// <summary>What is known of a ticket that is to land.</summary>
public sealed record LandingFacts
{
    public required MergePolicy Policy { get; init; }

    /// <summary>The attempt's branch as it is now.</summary>
    public required CommitSha Head { get; init; }

    /// <summary>The target branch as it is now.</summary>
    public required CommitSha Target { get; init; }

    /// <summary>The commit that would become the target, made for exactly this head and this target; null while there is none.</summary>
    public CommitSha? Candidate { get; init; }

    /// <summary>Whether each gate has a receipt that says passed for the candidate's tree.</summary>
    public bool GatesPassed { get; init; }

    /// <summary>Whether the candidate changes what judges it: <c>drover.yaml</c> or a protected path. Then a human decides.</summary>
    public IReadOnlyList<string> ProtectedChanges { get; init; } = [];

    /// <summary>A human approved exactly this head.</summary>
    public bool Approved { get; init; }

    /// <summary>A human said <c>merge</c> of exactly this head.</summary>
    public bool Ordered { get; init; }
}

public abstract record LandingStep
{
    private LandingStep() { }

    public sealed record MakeCandidate : LandingStep;

    public sealed record RunGates : LandingStep;

    /// <param name="Why">For a human: what is waited for and what to type.</param>
    public sealed record Wait(string Why) : LandingStep;

    public sealed record Land : LandingStep;
}

public static class LandingRules
{
    /// <summary>The next step of a landing. The gates run before anybody is asked, so that a human sees their result.</summary>
    public static LandingStep Next(TicketKey ticket, LandingFacts landing)
    {
        if (landing.Candidate is null) return new LandingStep.MakeCandidate();
        if (!landing.GatesPassed) return new LandingStep.RunGates();
        if (landing.Ordered) return new LandingStep.Land();
        return landing.Policy switch
        {
            MergePolicy.Never => new LandingStep.Wait($"merge: never; the gates are green; `drover merge {ticket}` lands it"),
            MergePolicy.OnApproval when !landing.Approved => new LandingStep.Wait($"waits for your approval; the gates are green; `drover approve {ticket}` lands it"),
            MergePolicy.Auto when landing.ProtectedChanges.Count > 0 && !landing.Approved => new LandingStep.Wait(
                $"changes {string.Join(", ", landing.ProtectedChanges.Take(5))}, which needs a human; `drover approve {ticket}` lands it"),
            MergePolicy.OnApproval or MergePolicy.Auto => new LandingStep.Land(),
        };
    }
}
