using System.Text.Json.Nodes;
using Drover.Agents.Acp;
using Xunit;

namespace Drover.Agents.Tests;

/// <summary>Files that an agent wants read or written for it.</summary>
public sealed class AcpFilesTests
{
    private const string Read = """{"jsonrpc":"2.0","id":"r-1","method":"fs/read_text_file","params":{"sessionId":"s-1","path":"/repo/a","line":2,"limit":3}}""";
    private const string Write = """{"jsonrpc":"2.0","id":0,"method":"fs/write_text_file","params":{"sessionId":"s-1","path":"/repo/b","content":"x\n"}}""";

    private static Driver Delegating()
    {
        var driver = Talk.Acp(sandboxed: true);
        driver.State = (AcpState)driver.State with { Delegates = true };
        driver.Do(new Input.Prompt(Talk.First, "go"));
        driver.Frames.Clear();
        return driver;
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData(null, false)]
    public void It_is_offered_where_the_agents_settings_say_so(string? option, bool offered)
    {
        var adapter = Adapters.Find("acp")!;
        var options = option is null ? new Dictionary<string, string>() : new() { ["delegate"] = option };
        var plan = adapter.Plan(Requests.For("acp", sandboxed: true) with { Options = options });

        var hello = JsonNode.Parse(adapter.Apply(plan.State, new Input.Begin()).Frames[0].Span)!["params"]!["clientCapabilities"]!;

        Assert.Equal((offered, offered, false), ((bool)hello["fs"]!["readTextFile"]!, (bool)hello["fs"]!["writeTextFile"]!, (bool)hello["terminal"]!));
    }

    [Fact]
    public void One_that_cannot_be_told_that_a_file_is_missing_reads_for_itself_and_is_named_its_settings_by_a_variable()
    {
        var adapter = Adapters.Find("acp")!;
        var plan = adapter.Plan(Requests.For("acp", sandboxed: true) with { Program = ["/usr/bin/gemini", "--acp"], Options = new Dictionary<string, string> { ["delegate"] = "true" } });

        var files = JsonNode.Parse(adapter.Apply(plan.State, new Input.Begin()).Frames[0].Span)!["params"]!["clientCapabilities"]!["fs"]!;

        Assert.Equal((false, true), ((bool)files["readTextFile"]!, (bool)files["writeTextFile"]!));
        var file = Assert.Single(plan.Files);
        Assert.Equal("GEMINI_CLI_SYSTEM_DEFAULTS_PATH", file.Variable);
        Assert.False((bool)JsonNode.Parse(file.Text)!["general"]!["sessionRetention"]!["enabled"]!);
    }

    [Fact]
    public void A_read_is_asked_once_and_answered_with_the_text()
    {
        var driver = Delegating();
        driver.Line(Read);
        driver.Line(Read);

        Assert.Equal(new AgentEvent.FileReadAsked("\"r-1\"", "/repo/a", 2, 3), Assert.Single(driver.Events.OfType<AgentEvent.FileReadAsked>()));
        driver.Do(new Input.FileDone("\"r-1\"", FileResult.Done, "two\n"));
        driver.Do(new Input.FileDone("\"r-1\"", FileResult.Done, "two\n"));

        var answer = Assert.Single(driver.Frames);
        Assert.Equal(("r-1", "two\n"), ((string)answer["id"]!, (string)answer["result"]!["content"]!));
    }

    [Fact]
    public void A_write_is_answered_without_a_text()
    {
        var driver = Delegating();
        driver.Line(Write);

        Assert.Equal(new AgentEvent.FileWriteAsked("0", "/repo/b", "x\n"), Assert.Single(driver.Events.OfType<AgentEvent.FileWriteAsked>()));
        driver.Do(new Input.FileDone("0", FileResult.Done, ""));

        Assert.Equal("{}", driver.Frames[0]["result"]!.ToJsonString());
    }

    [Theory]
    [InlineData(FileResult.Missing, -32002)]
    [InlineData(FileResult.Refused, -32603)]
    public void What_cannot_be_done_is_an_error_of_the_protocol(FileResult result, int code)
    {
        var driver = Delegating();
        driver.Line(Read);

        driver.Do(new Input.FileDone("\"r-1\"", result, "because"));

        Assert.Equal(code, (int)driver.Frames[0]["error"]!["code"]!);
        Assert.Contains("because", (string)driver.Frames[0]["error"]!["message"]!);
    }

    [Theory]
    [InlineData("""{"id":3,"method":"fs/read_text_file","params":{}}""", -32602)]
    [InlineData("""{"id":3,"method":"fs/write_text_file","params":{"path":"a"}}""", -32602)]
    [InlineData("""{"id":3,"method":"terminal/create","params":{"command":"ls"}}""", -32601)]
    public void A_request_that_cannot_be_understood_or_is_not_offered_is_answered_at_once(string request, int code)
    {
        var driver = Delegating();

        driver.Line(request);

        Assert.Equal(code, (int)Assert.Single(driver.Frames)["error"]!["code"]!);
    }

    [Fact]
    public void Nothing_is_answered_to_an_agent_whose_input_is_closed()
    {
        var driver = Delegating();
        driver.Line(Read);
        driver.Do(new Input.Finish());

        driver.Do(new Input.FileDone("\"r-1\"", FileResult.Done, ""));
        driver.Line(Write);

        Assert.Empty(driver.Frames);
        Assert.Equal(0, driver.Count<AgentEvent.FileWriteAsked>());
    }
}
