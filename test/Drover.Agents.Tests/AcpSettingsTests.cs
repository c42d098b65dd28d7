using Drover.Core;
using Xunit;

namespace Drover.Agents.Tests;

/// <summary>Model, mode and settings are held against what the agent lists.</summary>
public sealed class AcpSettingsTests
{
    private const string Listed = """
        {"sessionId":"s-1",
         "models":{"currentModelId":"a","availableModels":[{"modelId":"a"},{"modelId":"b"}]},
         "modes":{"currentModeId":"default","availableModes":[{"id":"default"},{"id":"autoEdit"},{"id":"yolo"}]},
         "configOptions":[{"id":"effort","category":"thought_level","currentValue":"low","options":[{"value":"low"},{"group":"more","options":[{"value":"high"}]}]}]}
        """;

    private const string AsOptions = """
        {"sessionId":"s-1","configOptions":[
          {"id":"model","category":"model","currentValue":"p/a","options":[{"value":"p/a"},{"value":"p/b"}]},
          {"id":"mode","category":"mode","currentValue":"build","options":[{"value":"build"},{"value":"plan"}]}]}
        """;

    private static Driver Open(string opened, string? model = null, bool asks = false, params (string, string)[] options)
    {
        var adapter = Adapters.Find("acp")!;
        var request = Requests.For("acp", sandboxed: true, model: model) with { AsksApprovals = asks, Options = options.ToDictionary(o => o.Item1, o => o.Item2) };
        var driver = new Driver(adapter) { State = adapter.Plan(request).State };
        driver.Do(new Input.Begin());
        driver.Do(new Input.Prompt(Talk.First, "go"));
        driver.Line("""{"id":1,"result":{"protocolVersion":1}}""");
        driver.Line($$"""{"id":2,"result":{{opened}}}""".ReplaceLineEndings(" "));
        return driver;
    }

    private static IEnumerable<string> Sets(Driver driver) => driver.Frames.Where(f => ((string)f["method"]!).StartsWith("session/set_", StringComparison.Ordinal))
        .Select(f => $"{f["method"]} {f["params"]!["modelId"] ?? f["params"]!["modeId"] ?? $"{f["params"]!["configId"]}={f["params"]!["value"]}"}");

    [Fact]
    public void What_is_listed_is_set_before_anything_is_prompted()
    {
        var driver = Open(Listed, "b", false, ("mode", "autoEdit"), ("settings", "effort=high"));

        Assert.Equal(["session/set_model b", "session/set_mode autoEdit", "session/set_config_option effort=high"], Sets(driver));
        Assert.Empty(driver.Written());
        foreach (var id in new[] { 3, 4, 5 }) driver.Line($$$"""{"id":{{{id}}},"result":{}}""");
        Assert.Equal(["go"], driver.Written());
    }

    [Fact]
    public void Model_and_mode_may_be_options_too() =>
        Assert.Equal(["session/set_config_option model=p/b", "session/set_config_option mode=plan"], Sets(Open(AsOptions, "p/b", false, ("mode", "plan"))));

    [Theory]
    [InlineData(false, "session/set_mode yolo")]
    [InlineData(true, null)]
    public void The_mode_that_asks_is_kept_when_questions_are_wanted(bool asks, string? set) =>
        Assert.Equal(set is null ? [] : [set], Sets(Open(Listed, asks: asks)));

    [Theory]
    [InlineData(Listed, "c", null, null, "model 'c'", "a, b")]
    [InlineData(Listed, null, "mode", "YOLO", "mode 'YOLO'", "default, autoEdit, yolo")]
    [InlineData(Listed, null, "settings", "effort=max", "effort 'max'", "low, high")]
    [InlineData(Listed, null, "settings", "efort = low", "setting 'efort'", "effort")]
    [InlineData(AsOptions, "p/c", null, null, "model 'p/c'", "p/a, p/b")]
    [InlineData(AsOptions, null, "mode", "yolo", "mode 'yolo'", "build, plan")]
    [InlineData("""{"sessionId":"s-1"}""", null, "mode", "plan", "mode", "no choice")]
    [InlineData("""{"sessionId":"s-1"}""", null, "settings", "effort=low", "setting 'effort'", "lists none")]
    [InlineData("""{"sessionId":"s-1"}""", "m", null, null, "model", "no choice")]
    public void A_wrong_name_fails_the_start_and_says_the_right_ones(string opened, string? model, string? option, string? value, string wrong, string right)
    {
        var driver = Open(opened, model, false, option is null ? [] : [(option, value!)]);

        var ending = Assert.Single(driver.Endings);
        Assert.Equal((Outcome.Failed, FailureClass.Other, false), (ending.Outcome, ending.Class, ending.Retryable));
        Assert.Contains(wrong, ending.Reason);
        Assert.Contains(right, ending.Reason);
        Assert.Empty(Sets(driver));
        Assert.Empty(driver.Written());
        Assert.Equal(1, driver.Count<AgentEvent.MessageRefused>());
    }

    [Theory]
    [InlineData("""{"code":-32002,"message":"Resource not found: old"}""", true)]
    [InlineData("""{"code":-32603,"message":"Internal error","data":{"details":"No previous sessions found for this project."}}""", true)]
    [InlineData("""{"code":-32602,"message":"Session not found for id: old"}""", true)]
    [InlineData("""{"code":-32603,"message":"Internal error: OpenCode service failure","data":{"service":"session"}}""", true)]
    [InlineData("""{"code":-32000,"message":"Authentication required"}""", false)]
    [InlineData("""{"code":-32603,"message":"503 service unavailable: model not found"}""", false)]
    public void A_conversation_that_is_not_there_is_told_from_an_agent_that_does_not_work(string error, bool unknown)
    {
        var driver = new Driver(Adapters.Find("acp")!, resume: "old");
        driver.Do(new Input.Begin());
        driver.Line("""{"id":1,"result":{"protocolVersion":1,"agentCapabilities":{"loadSession":true}}}""");

        driver.Line($$"""{"id":2,"error":{{error}}}""");

        Assert.Equal(unknown, Assert.Single(driver.Endings).Reason.StartsWith("the conversation is not known", StringComparison.Ordinal));
    }

    [Fact]
    public void Tool_servers_are_told_with_the_conversation_and_then_forgotten()
    {
        var adapter = Adapters.Find("acp")!;
        var driver = new Driver(adapter)
        {
            State = adapter.Plan(Requests.For("acp", sandboxed: true) with { McpServers = [new("docs", ["docs-server", "--stdio"], new Dictionary<string, string> { ["TOKEN"] = "s3cret" })] }).State,
        };
        driver.Do(new Input.Begin());

        driver.Line("""{"id":1,"result":{"protocolVersion":1}}""");

        Assert.Equal("""[{"name":"docs","command":"docs-server","args":["--stdio"],"env":[{"name":"TOKEN","value":"s3cret"}]}]""", driver.Frames[^1]["params"]!["mcpServers"]!.ToJsonString());
        Assert.DoesNotContain("s3cret", adapter.Save(driver.State).Json);
    }

    [Theory]
    [InlineData("""{"loadSession":true,"sessionCapabilities":{"fork":{}}}""", "session/fork")]
    [InlineData("""{"loadSession":true}""", null)]
    public void A_copy_of_a_conversation_is_made_only_by_an_agent_that_can(string abilities, string? method)
    {
        var adapter = Adapters.Find("acp")!;
        var driver = new Driver(adapter) { State = adapter.Plan(Requests.For("acp", sandboxed: true, resume: "old") with { Forks = true }).State };
        driver.Do(new Input.Begin());

        driver.Line($$$"""{"id":1,"result":{"protocolVersion":1,"agentCapabilities":{{{abilities}}}}}""");

        if (method is null)
        {
            Assert.Contains("copy", Assert.Single(driver.Endings).Reason);
            return;
        }

        Assert.Equal((method, "old"), ((string)driver.Frames[^1]["method"]!, (string)driver.Frames[^1]["params"]!["sessionId"]!));
        driver.Line("""{"id":2,"result":{"sessionId":"new"}}""");
        Assert.Equal("new", Assert.Single(driver.Events.OfType<AgentEvent.ConversationStarted>()).VendorId);
    }

    [Theory]
    [InlineData("effort=high", true)]
    [InlineData("effort=high, a = b", true)]
    [InlineData("effort", false)]
    [InlineData("=high", false)]
    [InlineData("effort=", false)]
    [InlineData("a=1,a=2", false)]
    [InlineData("", false)]
    public void Settings_are_pairs(string text, bool right) => Assert.Equal(right, Adapters.Find("acp")!.Options.Single(o => o.Name == "settings").IsRight(text));
}
