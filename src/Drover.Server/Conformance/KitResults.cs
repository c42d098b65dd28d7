using System.Collections.Concurrent;
using Drover.Server.Verbs;

namespace Drover.Server.Conformance;

/// <summary>What is known of one program so far. The first result of a step stands.</summary>
internal sealed class KitResults(Action<KitStep, StepResult> told)
{
    private readonly ConcurrentDictionary<KitStep, StepResult> _results = new();

    private const int LongestWhy = 2000, LongestEvidence = 400;

    /// <summary>What the program itself has said may hold anything, and is going to be printed.</summary>
    public void Tell(KitStep step, StepResult result)
    {
        result = result with { Why = result.Why is { } why ? Printable.Line(why, LongestWhy) : null, Evidence = [.. result.Evidence.Select(e => Printable.Line(e, LongestEvidence))] };
        if (_results.TryAdd(step, result)) told(step, result);
    }

    public bool Passed(KitStep step) => _results.TryGetValue(step, out var result) && result.Outcome == StepOutcome.Passed;

    public bool Has(KitStep step) => _results.ContainsKey(step);

    /// <summary>Whatever has no result yet is not going to get one.</summary>
    public void SkipRest(string why)
    {
        foreach (var step in Enum.GetValues<KitStep>()) Tell(step, StepResult.Skipped(why));
    }

    public IReadOnlyList<(KitStep Step, StepResult Result)> All => [.. Enum.GetValues<KitStep>().Where(_results.ContainsKey).Select(s => (s, _results[s]))];
}
