using Drover.Agents;
using Drover.Api;
using Drover.Core;
using Drover.Server.Config;
using Drover.Server.Conformance;

namespace Drover.Server.Rosters;

/// <summary>How an agent of the roster is shown.</summary>
internal static class AgentView
{
    private const string Hint = "drover doctor proves what it can";

    /// <param name="run">The run it is at, or null.</param>
    /// <param name="homes">Where isolated homes are kept.</param>
    public static AgentJson Of(ProjectId project, AgentConfig agent, string slot, string? run, AgentProof proof, string homes)
    {
        var can = ProvenAdapter.Capable(Adapters.Find(agent.Adapter)!.For(agent.Command), agent.Options, proof.Proof);
        return new(slot, project.Value, agent.Adapter, [.. agent.Roles.Order().Select(r => r.Word())], agent.Model, run,
            agent.Home == AgentHome.Isolated ? Path.Combine(homes, project.Value, agent.Name) : null, proof.Command,
            new(can.SaysInsideTurn, can.Interrupts, can.Resumes, can.Forks, can.AsksApproval, can.ReportsCost), Judge(proof));
    }

    private static ProofJson Judge(AgentProof proof) => proof switch
    {
        { Missing: { } missing } => new("missing", missing, null, null),
        { Proof: Proof.Stale stale } => new("stale", $"{stale.Why}; {Hint}", stale.Card.Version, stale.Card),
        { Proof: Proof.Fresh { Card: var card } } when proof.Proof.Refusal is { } refusal => new("refused", refusal, card.Version, card),
        { Proof: Proof.Fresh { Card: var card } } when Failed(card) is { Count: > 0 } failed => new("gaps", $"{string.Join(", ", failed)} failed", card.Version, card),
        { Proof: Proof.Fresh { Card: var card } } => new("proven", null, card.Version, card),
        _ => new("unproven", $"what its adapter declares is believed; {Hint}", null, null),
    };

    private static List<string> Failed(CardJson card) => [.. card.Steps.Where(s => s.Result == StepOutcome.Failed.Word()).Select(s => s.Step)];
}
