using System.Text.Json.Nodes;
using Drover.Core;
using Drover.Server.Runs;
using Xunit;

namespace Drover.Server.Tests.Runs;

public sealed class RunSettingsTests
{
    private static readonly RunSettings s_settings = new(
        "coder", ["agent"], new Dictionary<string, string>(), [], null, null, IsolatedHome: true, new Dictionary<string, string> { ["effort"] = "high" },
        new(TimeSpan.FromMinutes(5), TimeSpan.FromHours(1), TimeSpan.FromHours(4), TimeSpan.FromHours(6)), new(SandboxMode.Auto, [], [], true), [], [], "main", 1 << 20)
    {
        SystemPrompt = "Be brief.",
        McpServers = [new("docs", ["docs-server"], new Dictionary<string, string> { ["LEVEL"] = "2" }, ["DOCS_TOKEN"])],
    };

    [Fact]
    public void What_a_run_was_ordered_with_is_read_as_it_was_stored()
    {
        var read = RunSettings.Parse(s_settings.ToJson());

        Assert.Equal(s_settings.ToJson(), read.ToJson());
        Assert.Equal(["DOCS_TOKEN"], Assert.Single(read.McpServers).Pass);
    }

    [Fact]
    public void An_order_from_before_there_were_tool_servers_has_none()
    {
        var old = JsonNode.Parse(s_settings.ToJson())!.AsObject();
        old.Remove(nameof(RunSettings.McpServers));
        old.Remove(nameof(RunSettings.SystemPrompt));

        var read = RunSettings.Parse(old.ToJsonString());

        Assert.Empty(read.McpServers);
        Assert.Null(read.SystemPrompt);
    }
}
