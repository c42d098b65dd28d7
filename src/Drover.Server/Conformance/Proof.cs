using Drover.Api;
using Drover.Core;

namespace Drover.Server.Conformance;

/// <summary>What is known of the program that a command names now.</summary>
internal abstract record Proof
{
    private Proof() { }

    public sealed record None : Proof;

    /// <summary>The program is not the one that was proven; what its adapter declares counts.</summary>
    public sealed record Stale(CardJson Card, string Why) : Proof;

    public sealed record Fresh(CardJson Card) : Proof;

    public CardJson? Latest => this switch
    {
        Fresh fresh => fresh.Card,
        Stale stale => stale.Card,
        _ => null,
    };

    /// <summary>Why this must not be relied on, or null. What is not proven is believed as the adapter declares it.</summary>
    public string? Against(KitStep step) => this is Fresh { Card: var card } && card.Steps.FirstOrDefault(s => s.Step == step.Word()) is { } result
        && Words.Parse<StepOutcome>(result.Result) is StepOutcome.Failed or StepOutcome.Absent
        ? $"drover doctor found with {card.Name} {card.Version}: {result.Why}" : null;

    /// <summary>Whether the step was seen to work.</summary>
    public bool Shows(KitStep step) => this is Fresh { Card: var card } && card.Steps.Any(s => s.Step == step.Word() && s.Result == StepOutcome.Passed.Word());

    /// <summary>Why no run can be expected to work, or null.</summary>
    public string? Refusal => Against(KitStep.Start) ?? Against(KitStep.PromptAccepted);
}
