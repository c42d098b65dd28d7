using Drover.Core;
using Xunit;

namespace Drover.Core.Tests;

public sealed class LandingRulesTests
{
    private static readonly TicketKey Key = new("APP", 1);

    private static readonly LandingFacts Green = new()
    {
        Policy = MergePolicy.Auto,
        Head = new("h"),
        Target = new("t"),
        Candidate = new("c"),
        GatesPassed = true,
    };

    [Fact]
    public void A_candidate_comes_before_the_gates_and_the_gates_before_any_question()
    {
        Assert.IsType<LandingStep.MakeCandidate>(LandingRules.Next(Key, Green with { Candidate = null, Ordered = true }));
        Assert.IsType<LandingStep.RunGates>(LandingRules.Next(Key, Green with { GatesPassed = false, Ordered = true }));
    }

    [Fact]
    public void The_policy_says_who_decides()
    {
        Assert.IsType<LandingStep.Land>(LandingRules.Next(Key, Green));
        Assert.IsType<LandingStep.Wait>(LandingRules.Next(Key, Green with { Policy = MergePolicy.OnApproval }));
        Assert.IsType<LandingStep.Land>(LandingRules.Next(Key, Green with { Policy = MergePolicy.OnApproval, Approved = true }));
        Assert.IsType<LandingStep.Wait>(LandingRules.Next(Key, Green with { Policy = MergePolicy.Never, Approved = true }));
        Assert.IsType<LandingStep.Land>(LandingRules.Next(Key, Green with { Policy = MergePolicy.Never, Ordered = true }));
    }

    [Fact]
    public void What_judges_is_not_changed_without_a_human()
    {
        var changed = Green with { ProtectedChanges = ["drover.yaml"] };

        Assert.Contains("drover.yaml", Assert.IsType<LandingStep.Wait>(LandingRules.Next(Key, changed)).Why);
        Assert.IsType<LandingStep.Land>(LandingRules.Next(Key, changed with { Approved = true }));
    }
}
