using System.Globalization;
using Drover.Api;
using Drover.Core;
using Drover.Node.Repositories;
using Drover.Node.Sandboxing;
using Drover.Server.Conformance;
using Drover.Server.Demo;
using Drover.Server.Host;

namespace Drover.Server.Doctor;

/// <summary>Plays the conformance kit with all programs at once, and keeps their cards.</summary>
/// <param name="Errors">Where the progress is told.</param>
internal sealed record AgentsProof(DroverHome Home, Git Git, SandboxProbe Sandbox, TextWriter Errors, TimeProvider Time)
{
    /// <summary>Throws <see cref="IOException"/> when there is no room for the kit's own things.</summary>
    /// <param name="rehearsal">The path of drover-rehearsal.</param>
    public async Task<IReadOnlyList<CardJson>> Prove(IReadOnlyList<KitSubject> subjects, string rehearsal, CancellationToken token)
    {
        var random = new LockedRandom(new Random());
        using var place = await KitPlace.Make(Git, await KitSandbox.Of(Home, Sandbox, Time, token), Path.GetFullPath(rehearsal), random, Time, token);
        // Agents' programs wait for the model and the disk half of their time.
        using var slots = new SemaphoreSlim(Math.Max(2, Environment.ProcessorCount * 3 / 2));
        var kit = new Kit(place, slots);
        return await Task.WhenAll(subjects.Select(s => Prove(kit, place, s, token)));
    }

    private async Task<CardJson> Prove(Kit kit, KitPlace place, KitSubject subject, CancellationToken token)
    {
        // What changes while it is being tried is not proven.
        var mark = ProgramMark.Of(subject.Command);
        var started = Time.GetTimestamp();
        var proven = await kit.Prove(subject, (step, result) => Tell(subject, step, result, started), token);
        var card = new CardJson(subject.Known?.Name ?? subject.Name, subject.Adapter.Name, subject.Command, proven.Version, mark, Kit.Number, Time.GetUtcNow(), place.Sandbox.Words,
            [.. proven.Steps.Select(s => new CardStepJson(s.Step.Word(), s.Result.Outcome.Word(), s.Result.Why, s.Result.Evidence))]);
        new Cards(Home).Keep(card);
        return card;
    }

    private void Tell(KitSubject subject, KitStep step, StepResult result, long started)
    {
        if (result.Outcome == StepOutcome.Skipped) return;
        var line = string.Create(CultureInfo.InvariantCulture, $"{subject.Name,-12} {Time.GetElapsedTime(started).TotalSeconds,5:0.0} s  {CardText.Sign(result.Outcome.Word())} {step.Word()}");
        lock (Errors) Errors.WriteLine(result.Why is { } why ? $"{line}: {why}" : line);
    }
}
