using System.Text;
using Drover.Agents;
using Drover.Server.Config;
using Xunit;

namespace Drover.Server.Tests.Config;

/// <summary>What an agent is asked to do that its adapter cannot is an error of the file, not a setting that does nothing.</summary>
public sealed class AgentAbilityTests
{
    [Fact]
    public void System_prompt_tool_servers_and_options_are_read()
    {
        var read = Read("""
            agents:
              coder:
                adapter: claude
                system_prompt: |
                  Never push.
                mcp_servers:
                  docs: { command: [docs-server, --stdio], environment: { pass: [DOCS_TOKEN], set: { LEVEL: "2" } } }
                options: { max_turns: 40, max_budget_usd: 2.50, permission_mode: plan, effort: high, fallback_model: haiku }
            """);

        Assert.Empty(read.Problems);
        var coder = Assert.Single(read.Value!.Agents);
        Assert.Equal("Never push.", coder.SystemPrompt);
        var (name, docs) = Assert.Single(coder.McpServers);
        Assert.Equal("docs", name);
        Assert.Equal(["docs-server", "--stdio"], docs.Command);
        Assert.Equal(["DOCS_TOKEN"], docs.Environment.Pass);
        Assert.Equal("2", docs.Environment.Set["LEVEL"]);
        Assert.Equal(("40", "2.50"), (coder.Options["max_turns"], coder.Options["max_budget_usd"]));
    }

    [Theory]
    [InlineData("claude", "options: { max_turnes: 4 }", "options: the adapter claude has no option 'max_turnes'; did you mean 'max_turns'?")]
    [InlineData("claude", "options: { max_turns: 0 }", "options: max_turns: '0' is not a whole number from 1 to 100000")]
    [InlineData("claude", "options: { max_turns: many }", "options: max_turns: 'many' is not a whole number")]
    [InlineData("claude", "options: { max_budget_usd: -1 }", "options: max_budget_usd: '-1' is not an amount of US dollars")]
    [InlineData("claude", "options: { permission_mode: yolo }", "options: permission_mode: 'yolo' is not `default`,")]
    [InlineData("claude", "options: { fallback_model: --settings }", "options: fallback_model: '--settings' is not a model's name")]
    [InlineData("claude", "mcp_servers: { docs: { command: [] } }", "mcp_servers.docs.command: takes the program and its arguments, not an empty list")]
    [InlineData("claude", "mcp_servers: { docs: {} }", "mcp_servers.docs: the key 'command' is missing")]
    public void What_the_adapter_does_not_know_or_cannot_take_is_named(string adapter, string line, string problem)
    {
        var read = Read($"agents:\n  coder:\n    adapter: {adapter}\n    {line}\n");

        Assert.Null(read.Value);
        Assert.Contains($"agents.coder.{problem}", Assert.Single(read.Problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_option_says_what_it_is_for_and_no_name_is_given_twice()
    {
        foreach (var adapter in Adapters.All)
        {
            Assert.All(adapter.Options, o => Assert.True(o.Meaning.EndsWith('.') && o.Expects.Length > 0, $"{adapter.Name}: {o.Name}"));
            Assert.Equal(adapter.Options.Count, adapter.Options.DistinctBy(o => o.Name).Count());
        }
    }

    private static ConfigRead<ProjectConfig> Read(string yaml) => ConfigFile.ReadProject(Encoding.UTF8.GetBytes(yaml), "drover.yaml", [.. Adapters.All.Select(a => a.Name)], "shop");
}
