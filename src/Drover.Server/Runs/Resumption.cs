using Drover.Agents;
using Drover.Core;
using Drover.Server.Conformance;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>Whether an agent's conversation can be gone on with by another process of it.</summary>
internal static class Resumption
{
    /// <summary>Why the run's own cannot; null when it can.</summary>
    public static string? Obstacle(RunPlace place, RunRow run, RunSettings settings) =>
        run.Conversation is { Id: not null, VendorId: not null } ? Obstacle(place, run.Adapter, settings) : $"{run.Name} has recorded no conversation";

    /// <summary>Why agents with these settings cannot go on with any; null when they can.</summary>
    public static string? Obstacle(RunPlace place, string adapter, RunSettings settings)
    {
        if (place.Adapter(adapter) is not { } declared || !declared.With(settings.Options).Resumes)
            return $"the adapter {adapter} cannot go on with an earlier conversation";
        var proof = place.Proofs.Of(adapter, settings.Program).Proof;
        return ProvenAdapter.Capable(declared, settings.Options, proof).Resumes ? null : proof.Against(KitStep.Resume);
    }
}
