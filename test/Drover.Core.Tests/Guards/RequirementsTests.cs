using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace Drover.Core.Tests.Guards;

/// <summary>docs/requirements.md against the tests that claim to prove its rows.</summary>
public sealed partial class RequirementsTests
{
    private const string Page = "docs/requirements.md";
    private const string Heading = "## Rows that no test proves yet\n";

    [Fact]
    public void Every_row_that_a_test_claims_to_prove_exists()
    {
        var known = Rows().Select(r => r.Id).ToHashSet();

        Source.None(Proven().Where(p => !known.Contains(p.Id)).Select(p => $"{p.File}: no row {p.Id} in {Page}"));
    }

    [Fact]
    public void No_row_stands_twice() => Source.None(Rows().GroupBy(r => r.Id).Where(g => g.Count() > 1).Select(g => g.Key));

    /// <summary>The list may lag behind a test that has just been written, but never claim a row that nothing proves.</summary>
    [Fact]
    public void The_rows_without_a_test_are_listed()
    {
        var text = File.ReadAllText(Source.At(Page));
        var at = text.IndexOf(Heading, StringComparison.Ordinal);
        if (Source.WritesDocuments) Source.Holds(Page, (at >= 0 ? text[..at] : text.TrimEnd('\n') + "\n\n") + Heading + Missing());
        var listed = Id().Matches(File.ReadAllText(Source.At(Page))[(at >= 0 ? at : 0)..]).Select(m => m.Value).ToHashSet();
        Assert.True(at >= 0, $"{Page} has lost its list of rows that no test proves");

        Source.None(Unproven().Where(r => !listed.Contains(r.Id)).Select(r => $"no test proves {r.Id}, and {Page} does not say so; DROVER_WRITE_DOCS=1 ./dev test writes the list anew"));
    }

    private static string Missing()
    {
        var unproven = Unproven();
        var text = new StringBuilder("\nWritten by a test (`DROVER_WRITE_DOCS=1 ./dev test`).\n\n| part | rows | of |\n|---|---|---|\n");
        foreach (var part in Rows().GroupBy(r => r.Part).OrderBy(p => p.Key))
        {
            var missing = unproven.Where(r => r.Part == part.Key).Select(r => r.Id).ToArray();
            text.Append($"| {part.Key} | {(missing.Length == 0 ? "none" : string.Join(", ", missing))} | {missing.Length} of {part.Count()} |\n");
        }

        return text.ToString();
    }

    private static (string Id, string Part)[] Unproven()
    {
        var proven = Proven().Select(p => p.Id).ToHashSet();
        return [.. Rows().Where(r => !proven.Contains(r.Id))];
    }

    private static (string Id, string Part)[] Rows() =>
        [.. Row().Matches(File.ReadAllText(Source.At(Page))).Select(m => (m.Groups[1].Value, m.Groups[2].Value))];

    private static (string Id, string File)[] Proven() =>
        [.. Source.Files("test", "*.cs").SelectMany(f => Trait().Matches(File.ReadAllText(f)).Select(m => (m.Groups[1].Value, Source.Relative(f))))];

    [GeneratedRegex(@"^\| ([ACKYMH]\d+) \| .* \| (\d) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"\b[ACKYMH]\d+\b")]
    private static partial Regex Id();

    [GeneratedRegex(@"Trait\(""row"",\s*""([^""]+)""\)")]
    private static partial Regex Trait();
}
