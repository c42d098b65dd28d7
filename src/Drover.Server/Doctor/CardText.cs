using System.Globalization;
using System.Text;
using Drover.Api;
using Drover.Core;
using Drover.Server.Conformance;

namespace Drover.Server.Doctor;

/// <summary>Cards as people read them: a table with a sign for each step, and the reasons below.</summary>
internal static class CardText
{
    private static readonly IReadOnlyList<string> s_steps = Words.All<KitStep>();

    public static string Sign(string result) => Words.Parse<StepOutcome>(result) switch
    {
        StepOutcome.Passed => "✓",
        StepOutcome.Failed => "✗",
        StepOutcome.Absent => "–",
        StepOutcome.Skipped => "·",
    };

    public static string Table(IReadOnlyList<CardJson> cards)
    {
        var text = new StringBuilder();
        var heads = cards.Select(c => $"{c.Name} {c.Version}").ToArray();
        var width = s_steps.Max(s => s.Length) + 2;
        text.Append(new string(' ', width)).AppendJoin("  ", heads).Append('\n');
        foreach (var step in s_steps)
        {
            text.Append(step.PadRight(width));
            text.AppendJoin("  ", cards.Zip(heads, (card, head) => Sign(ResultOf(card, step)?.Result ?? "skipped").PadRight(head.Length)));
            text.Length -= text.ToString().Length - text.ToString().TrimEnd(' ').Length;
            text.Append('\n');
        }

        return text.Append("✓ passed  ✗ failed  – the protocol or the program cannot do it  · not tried\n").Append(Reasons(cards)).ToString();
    }

    /// <summary>How good the program is: unusable without its first steps, poorer without others.</summary>
    public static Finding Judge(CardJson card)
    {
        var failed = card.Steps.Where(s => s.Result == StepOutcome.Failed.Word()).ToList();
        var about = $"{card.Name} {card.Version} ({card.Command[0]})";
        if (failed.Count == 0)
            return new("proof", Grade.Ok, $"{about}: {Passed(card)}; proven {Day(card)}");
        var first = failed[0];
        return IsRefused(card)
            ? new("proof", Grade.Fail, $"{about} is refused: {first.Step} failed: {first.Why}", "Runs with it are not started. Mend or reinstall it, then: drover doctor")
            : new("proof", Grade.Warn, $"{about}: {string.Join(", ", failed.Select(f => f.Step))} failed", "Drover does without; the reasons are below and in: drover agents show");
    }

    public static bool IsRefused(CardJson card) =>
        card.Steps.Any(s => s.Result == StepOutcome.Failed.Word() && Words.Parse<KitStep>(s.Step) is KitStep.Start or KitStep.PromptAccepted);

    private static string Passed(CardJson card) => card.Steps.Count(s => s.Result == StepOutcome.Passed.Word()) is var passed && passed == s_steps.Count
        ? "everything passed" : $"{passed} of {s_steps.Count} steps passed, none failed";

    private static string Reasons(IReadOnlyList<CardJson> cards)
    {
        var text = new StringBuilder();
        foreach (var (card, step) in cards.SelectMany(c => c.Steps.Select(s => (c, s))).Where(p => p.s.Why is not null && p.s.Result != StepOutcome.Skipped.Word()))
        {
            text.Append(CultureInfo.InvariantCulture, $"{Sign(step.Result)} {card.Name}: {step.Step}: {step.Why}\n");
            foreach (var seen in step.Evidence) text.Append("    ").Append(seen).Append('\n');
        }

        return text.ToString();
    }

    private static CardStepJson? ResultOf(CardJson card, string step) => card.Steps.FirstOrDefault(s => s.Step == step);

    private static string Day(CardJson card) => card.ProvenAt.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
