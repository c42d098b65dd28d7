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

        Assert.Empty(Proven().Where(p => !known.Contains(p.Id)).Select(p => $"{p.File}: no row {p.Id} in {Page}"));
    }

    [Fact]
    public void No_row_stands_twice() => Assert.Empty(Rows().GroupBy(r => r.Id).Where(g => g.Count() > 1).Select(g => g.Key));

    [Fact]
    public void The_rows_without_a_test_are_listed()
    {
        var text = File.ReadAllText(Source.At(Page));
        var kept = text.IndexOf(Heading, StringComparison.Ordinal) is var at and >= 0 ? text[..at] : text.TrimEnd('\n') + "\n\n";

        Source.Holds(Page, kept + Heading + Missing());
    }

    private static string Missing()
    {
        var proven = Proven().Select(p => p.Id).ToHashSet();
        var text = new StringBuilder("\nWritten by a test (`DROVER_WRITE_DOCS=1 ./dev test`).\n\n| part | rows | of |\n|---|---|---|\n");
        foreach (var part in Rows().GroupBy(r => r.Part).OrderBy(p => p.Key))
        {
            var missing = part.Where(r => !proven.Contains(r.Id)).Select(r => r.Id).ToArray();
            text.Append($"| {part.Key} | {(missing.Length == 0 ? "none" : string.Join(", ", missing))} | {missing.Length} of {part.Count()} |\n");
        }

        return text.ToString();
    }

    private static (string Id, string Part)[] Rows() =>
        [.. Row().Matches(File.ReadAllText(Source.At(Page))).Select(m => (m.Groups[1].Value, m.Groups[2].Value))];

    private static (string Id, string File)[] Proven() =>
        [.. Source.Files("test", "*.cs").SelectMany(f => Trait().Matches(File.ReadAllText(f)).Select(m => (m.Groups[1].Value, Source.Relative(f))))];

    [GeneratedRegex(@"^\| ([AKYMH]\d+) \| .* \| (\d) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"Trait\(""row"",\s*""([^""]+)""\)")]
    private static partial Regex Trait();
}
