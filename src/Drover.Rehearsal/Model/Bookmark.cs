using System.Globalization;
using System.Text.RegularExpressions;

namespace Drover.Rehearsal.Model;

/// <summary>Where a conversation stood when a CLI asked the model to sum it up. The CLI forgets the tool calls but keeps the summary, so that is where the place is written.</summary>
/// <param name="Prompts">Which of the user's messages began turns, from 0.</param>
/// <param name="Calls">How many tools the model has called since the last prompt.</param>
/// <param name="InTurn">Whether the turn goes on.</param>
internal sealed partial record Bookmark(IReadOnlyList<int> Prompts, int Calls, bool InTurn)
{
    public string Summary => $"{SchemaAnswer.Text} (prompts {string.Join(' ', Prompts)}; calls {Calls}; {(InTurn ? "within" : "after")} a turn)";

    public static Bookmark? In(string summary) => Written().Match(summary) is { Success: true } found
        ? new([.. found.Groups["prompt"].Captures.Select(Number)], Number(found.Groups["calls"]), found.Groups["where"].Value == "within")
        : null;

    private static int Number(Capture digits) => int.Parse(digits.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\(prompts(?: (?<prompt>\d{1,6}))+; calls (?<calls>\d{1,6}); (?<where>within|after) a turn\)", RegexOptions.CultureInvariant)]
    private static partial Regex Written();
}
