using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace Drover.Core.Tests.Guards;

public sealed partial class CrashPointsDocumentTests
{
    private const string Page = "docs/operating.md";

    [Fact]
    public void The_crash_points_stand_in_the_operators_page()
    {
        var text = File.ReadAllText(Source.At(Page));
        const string begin = "<!-- crash points: written by a test -->\n";
        var from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var to = text.IndexOf("<!-- end of crash points -->", StringComparison.Ordinal);
        Assert.True(from >= begin.Length && to >= from, $"{Page} has lost the marks around the crash points");

        Source.Holds(Page, text[..from] + Table() + text[to..]);
    }

    /// <summary>The meaning of each is the summary that stands above it in the code.</summary>
    private static string Table()
    {
        var meanings = Summary().Matches(File.ReadAllText(Source.At("src", "Drover.Core", "CrashPoint.cs"))).ToDictionary(m => m.Groups[2].Value, m => Tag().Replace(m.Groups[1].Value, "`"));
        var table = new StringBuilder("\n| point | where |\n|---|---|\n");
        foreach (var point in Enum.GetNames<CrashPoint>()) table.Append($"| `{point}` | {meanings[point]} |\n");
        return table.Append('\n').ToString();
    }

    [GeneratedRegex(@"<summary>([^\n]*)</summary>\s*(\w+),")]
    private static partial Regex Summary();

    [GeneratedRegex("</?c>")]
    private static partial Regex Tag();
}
