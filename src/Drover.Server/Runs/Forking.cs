using Drover.Api;
using Drover.Server.Config;
using Drover.Server.Conformance;
using Drover.Server.Http;
using Drover.Server.Journaling;
using Problems = Drover.Api.Problems;

namespace Drover.Server.Runs;

/// <summary>Going on with a copy of a conversation. Who asks for a copy gets one or a refusal: a conversation that begins anew would be no copy, and one that is gone
/// on with itself would be changed.</summary>
internal static class Forking
{
    /// <exception cref="Refusal">The agent's adapter or program cannot fork, or there is no conversation that this agent could have a copy of.</exception>
    public static void Check(RunPlace place, RunGround ground, AgentConfig entry, RunSettings settings, RunRow source, PastConversation past)
    {
        if (WhyNot(place, entry, settings.Program) is { } why)
        {
            var able = ground.Config.Agents.Where(a => a.Name != entry.Name && WhyNot(place, a, a.Command) is null).Select(a => $"{a.Name} ({a.Adapter})").ToList();
            throw new Refusal(Problems.CannotFork, $"{entry.Name} cannot go on with a copy of a conversation: {why}. "
                + (able.Count == 0 ? "No other agent in drover.yaml can" : $"Of the agents in drover.yaml these can, each with conversations of its own: {string.Join(", ", able)}")
                + $". Without --fork, 'drover run resume {source.Name}' goes on without a copy");
        }

        if (past.FreshReason is { } missing)
            throw new Refusal(Problems.NoConversation, $"there is no conversation to make a copy of: {missing}. Without --fork, 'drover run resume {source.Name}' begins a new one");
    }

    private static string? WhyNot(RunPlace place, AgentConfig agent, IReadOnlyList<string> program)
    {
        if (place.Adapter(agent.Adapter) is not { } adapter || !adapter.With(agent.Options).Forks) return $"the adapter {agent.Adapter} has no way to";
        var proof = place.Proofs.Of(agent.Adapter, program).Proof;
        return ProvenAdapter.Capable(adapter, agent.Options, proof) is { Forks: true, Resumes: true } ? null : proof.Against(KitStep.Fork) ?? proof.Against(KitStep.Resume);
    }
}
