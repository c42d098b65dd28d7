using System.Text;
using Drover.Agents;
using Drover.Core.Tests.Guards;
using Xunit;

namespace Drover.Server.Tests.Config;

/// <summary>The tables of the page about agents are made of what the adapters say of themselves.</summary>
public sealed class AgentsPageTests
{
    private static readonly (string Words, Func<AdapterCapabilities, bool> Can, Func<AdapterCapabilities, bool>? May)[] s_abilities =
    [
        ("a message inside the turn", c => c.SaysInsideTurn, c => c.MaySayInsideTurn),
        ("interrupt", c => c.Interrupts, null),
        ("resume", c => c.Resumes, null),
        ("fork", c => c.Forks, null),
        ("questions for permission", c => c.AsksApproval, null),
        ("cost", c => c.ReportsCost, null),
        ("`system_prompt`", c => c.TakesAppendedPrompt, null),
        ("`mcp_servers`", c => c.TakesMcpServers, null),
    ];

    [Fact]
    public void The_page_says_what_the_adapters_can() => Holds("abilities", Abilities());

    [Fact]
    public void The_page_lists_every_option() => Holds("options", Options());

    [Fact]
    public void Every_adapter_has_its_section()
    {
        var page = File.ReadAllText(Source.At("docs", "agents.md"));

        Assert.All(Adapters.All, a => Assert.Contains($"(`adapter: {a.Name}`)", page, StringComparison.Ordinal));
    }

    private static void Holds(string part, string table)
    {
        var page = File.ReadAllText(Source.At("docs", "agents.md"));
        var (begin, end) = ($"<!-- {part}: written by a test -->\n", $"<!-- end of {part} -->");
        var (from, to) = (page.IndexOf(begin, StringComparison.Ordinal) + begin.Length, page.IndexOf(end, StringComparison.Ordinal));
        Assert.True(from >= begin.Length && to >= from, $"docs/agents.md has lost the marks around the {part}");

        Source.Holds("docs/agents.md", page[..from] + table + page[to..]);
    }

    private static string Abilities()
    {
        var text = new StringBuilder($"\n| adapter | {string.Join(" | ", s_abilities.Select(a => a.Words))} |\n|---|{string.Concat(s_abilities.Select(_ => "---|"))}\n");
        foreach (var adapter in Adapters.All) text.Append($"| `{adapter.Name}` | {string.Join(" | ", s_abilities.Select(a => a.Can(adapter.Capabilities) ? "yes" : a.May?.Invoke(adapter.Capabilities) == true ? "with some" : "no"))} |\n");
        return text.Append('\n').ToString();
    }

    private static string Options()
    {
        var text = new StringBuilder("\n| adapter | option | takes | meaning |\n|---|---|---|---|\n");
        foreach (var (adapter, option) in Adapters.All.SelectMany(a => a.Options.Select(o => (a.Name, o))))
            text.Append($"| `{adapter}` | `{option.Name}` | {option.Expects} | {option.Meaning} |\n");
        return text.Append('\n').ToString();
    }
}
