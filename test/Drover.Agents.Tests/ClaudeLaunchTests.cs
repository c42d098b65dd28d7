using System.Text.Json.Nodes;
using Xunit;

namespace Drover.Agents.Tests;

public sealed class ClaudeLaunchTests
{
    private static readonly LaunchRequest s_plain = Requests.For("claude", sandboxed: true);
    private static readonly McpServer s_docs = new("docs", ["/usr/bin/docs-server", "--port", "$5"], new Dictionary<string, string> { ["DOCS_TOKEN"] = "s3cret" });

    [Fact]
    public void A_fork_goes_on_with_a_copy_under_an_id_of_ours()
    {
        var arguments = Plan(s_plain with { ResumeId = "old-id", Forks = true }).Arguments;

        Assert.Equal(["--resume", "old-id", "--fork-session", "--session-id", Requests.Conversation], arguments.Skip(13));
    }

    [Fact]
    public void Text_for_the_system_prompt_is_one_argument_even_when_it_looks_like_an_option()
    {
        Assert.Equal("--append-system-prompt=--be brief\n'now'", Plan(s_plain with { AppendedPrompt = "--be brief\n'now'" }).Arguments[^1]);
    }

    [Fact]
    public void The_options_become_arguments()
    {
        var arguments = Plan(With(("max_turns", "40"), ("max_budget_usd", "2.50"), ("fallback_model", "haiku"), ("effort", "high"), ("permission_mode", "plan"))).Arguments;

        Assert.Equal(["--permission-mode", "plan"], arguments.Skip(11).Take(2));
        Assert.Equal(["--max-turns", "40", "--max-budget-usd", "2.50", "--fallback-model", "haiku", "--effort", "high"], arguments.Skip(15));
    }

    [Fact]
    public void No_option_lets_things_pass_that_are_to_be_asked_about()
    {
        Assert.Equal("default", Plan(With(("permission_mode", "bypassPermissions")) with { AsksApprovals = true }).Arguments[12]);
    }

    [Fact]
    public void Tool_servers_are_given_alone_and_their_secrets_are_not_on_the_command_line()
    {
        var launch = Plan(s_plain with { McpServers = [s_docs] });

        Assert.Equal(["--mcp-config", "--strict-mcp-config"], [launch.Arguments[^3], launch.Arguments[^1]]);
        Assert.DoesNotContain(launch.Arguments, a => a.Contains("s3cret", StringComparison.Ordinal));
        var docs = JsonNode.Parse(launch.Arguments[^2])!["mcpServers"]!["docs"]!;
        Assert.Equal("/usr/bin/docs-server", (string?)docs["command"]);
        Assert.Equal("""["--port","$5"]""", docs["args"]!.ToJsonString());
        Assert.Equal("${DROVER_MCP_DOCS_DOCS_TOKEN}", (string?)docs["env"]!["DOCS_TOKEN"]);
        Assert.Equal("s3cret", launch.Environment["DROVER_MCP_DOCS_DOCS_TOKEN"]);
    }

    [Fact]
    public void What_outside_of_a_sandbox_may_be_done_unasked_stays_the_last_argument_since_it_swallows_what_follows()
    {
        var launch = Plan(s_plain with { Sandboxed = false, McpServers = [s_docs], AppendedPrompt = "Be brief.", Model = "opus" });

        Assert.Equal(["--allowedTools", "Bash(git *)"], launch.Arguments.TakeLast(2));
    }

    private static Launch Plan(LaunchRequest request) => Adapters.Find("claude")!.Plan(request);

    private static LaunchRequest With(params (string Name, string Value)[] options) => s_plain with { Options = options.ToDictionary(o => o.Name, o => o.Value) };
}
