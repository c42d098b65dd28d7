using System.Text;
using System.Text.Json.Nodes;
using Drover.Agents;
using Drover.Core.Tests.Guards;
using Drover.Server.Config;
using Xunit;

namespace Drover.Server.Tests.Config;

/// <summary>The documents of the configuration are made of the table of keys; edit that.</summary>
public sealed class ReferenceTests
{
    private static readonly string[] Known = [.. Adapters.All.Select(a => a.Name)];

    [Fact]
    public void The_schema_for_editors_says_what_the_code_says() => Source.Holds("docs/drover.schema.json", ConfigSchema.Write(Known));

    [Fact]
    public void The_schema_forbids_unknown_keys_and_lists_the_known_words()
    {
        var schema = JsonNode.Parse(ConfigSchema.Write(["one", "two"]))!;

        Assert.False((bool)schema["additionalProperties"]!);
        Assert.Equal("""["never","on-approval","auto"]""", schema["properties"]!["merge"]!["enum"]!.ToJsonString());
        Assert.Equal("""["one","two"]""", schema["properties"]!["agents"]!["additionalProperties"]!["properties"]!["adapter"]!["enum"]!.ToJsonString());
        Assert.Equal("""["agents"]""", schema["required"]!.ToJsonString());
    }

    [Theory]
    [InlineData("project", "drover.yaml")]
    [InlineData("machine", "config.yaml")]
    public void The_reference_lists_every_key_as_the_code_has_it(string part, string file)
    {
        var keys = part == "project" ? new ProjectKeys(Known, "").Section.Inside : new MachineKeys(Known).Section.Inside;
        var page = File.ReadAllText(Source.At("docs", "configuration.md"));
        var (begin, end) = ($"<!-- keys of {file}: written by a test -->\n", $"<!-- end of {file} -->");
        var (from, to) = (page.IndexOf(begin, StringComparison.Ordinal) + begin.Length, page.IndexOf(end, StringComparison.Ordinal));
        Assert.True(from >= begin.Length && to >= from, $"docs/configuration.md has lost the marks around the keys of {file}");

        Source.Holds("docs/configuration.md", page[..from] + Table(keys) + page[to..]);
    }

    private static string Table(IEnumerable<(string Path, Key Key)> keys)
    {
        var text = new StringBuilder("\n| key | takes | without it | meaning |\n|---|---|---|---|\n");
        foreach (var (path, key) in keys) text.Append($"| `{path}` | {Cell(key.Takes.Expects)} | {Cell(key.Default)} | {Cell(key.Meaning)} |\n");
        return text.Append('\n').ToString();
    }

    private static string Cell(string text) => text.Replace("|", "\\|");
}
