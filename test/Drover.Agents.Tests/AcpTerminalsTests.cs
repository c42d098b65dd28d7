using System.Text.Json.Nodes;
using Drover.Agents.Acp;
using Drover.Core;
using Xunit;

namespace Drover.Agents.Tests;

/// <summary>Commands that an agent wants run for it, as its machine sees them.</summary>
public sealed class AcpTerminalsTests
{
    private static Driver Offering(bool asks = false)
    {
        var driver = Talk.Acp(sandboxed: true);
        driver.State = (AcpState)driver.State with { RunsCommands = true, Asks = asks };
        driver.Do(new Input.Prompt(Talk.First, "go"));
        driver.Frames.Clear();
        return driver;
    }

    private static string Request(int id, string method, string parameters) => $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"terminal/{{{method}}}","params":{"sessionId":"s-1",{{{parameters}}}}}""";

    private static string Of(int id, string method, string terminal = "drover-1") => Request(id, method, $"\"terminalId\":\"{terminal}\"");

    private static Driver Running(bool asks = false)
    {
        var driver = Offering(asks);
        driver.Line(Request(7, "create", "\"command\":\"make\",\"args\":[\"all\"]"));
        if (asks) driver.Do(new Input.Answer("7", true, null));
        driver.Do(new Input.TerminalStarted("drover-1", null));
        Assert.Equal("drover-1", (string)driver.Frames[^1]["result"]!["terminalId"]!);
        driver.Frames.Clear();
        return driver;
    }

    [Theory]
    [InlineData("true", true, true)]
    [InlineData("terminals", true, true)]
    [InlineData("files", true, false)]
    [InlineData("true", false, false)]
    [InlineData(null, true, false)]
    public void They_are_offered_where_the_settings_say_so_and_they_can_be_run(string? option, bool can, bool offered)
    {
        var adapter = Adapters.Find("acp")!;
        var options = option is null ? new Dictionary<string, string>() : new() { ["delegate"] = option };
        var plan = adapter.Plan(Requests.For("acp", sandboxed: true) with { Options = options, Terminals = can });

        var hello = JsonNode.Parse(adapter.Apply(plan.State, new Input.Begin()).Frames[0].Span)!["params"]!["clientCapabilities"]!;

        Assert.Equal(offered, (bool)hello["terminal"]!);
    }

    [Theory]
    [InlineData("""
        "command":"make","args":["a b","$(x)"]
        """, "make|a b|$(x)")]
    [InlineData("""
        "command":"make && rm x"
        """, "/bin/sh|-c|make && rm x")]
    [InlineData("""
        "command":"make","args":[]
        """, "make")]
    public void Arguments_stay_apart_and_a_line_is_one_argument_of_the_shell(string parameters, string arguments)
    {
        var driver = Offering();

        driver.Line(Request(7, "create", parameters));
        driver.Line(Request(7, "create", parameters));

        Assert.Equal(arguments, string.Join('|', Assert.Single(driver.State.Terminals).Arguments));
    }

    [Theory]
    [InlineData("""
        "args":["x"]
        """)]
    [InlineData("""
        "command":"-x"
        """)]
    [InlineData("""
        "command":"A=b"
        """)]
    [InlineData("""
        "command":"a","args":["\u0000"]
        """)]
    [InlineData("""
        "command":"a","env":[{"name":"DROVER_RUN","value":"x"}]
        """)]
    [InlineData("""
        "command":"a","env":[{"name":"-i","value":"x"}]
        """)]
    [InlineData("""
        "command":"a","env":[{"value":"x"}]
        """)]
    public void What_no_program_can_be_given_is_refused(string parameters)
    {
        var driver = Offering();

        driver.Line(Request(7, "create", parameters));

        Assert.Empty(driver.State.Terminals);
        Assert.Equal(-32602, (int)Assert.Single(driver.Frames)["error"]!["code"]!);
    }

    [Fact]
    public void A_human_is_asked_about_the_very_command_and_a_denial_is_an_answer()
    {
        var driver = Offering(asks: true);
        driver.Line(Request(7, "create", "\"command\":\"rm\",\"args\":[\"-rf\",\"a b\"]"));
        driver.Line(Request(8, "create", "\"command\":\"make\",\"cwd\":\"/repo/sub\""));
        driver.Line(Request(9, "create", "\"command\":\"/bin/sh\",\"args\":[\"-c\",\"rm x\"]"));
        driver.Line(Request(10, "create", "\"command\":\"make && rm x\""));

        var asked = driver.Events.OfType<AgentEvent.ApprovalAsked>().ToList();
        Assert.Equal(("rm -rf 'a b'", true), (asked[0].What.Command, asked[0].What.IsWhole));
        Assert.Equal(("make", false), (asked[1].What.Command, asked[1].What.IsWhole));
        Assert.Equal(["/bin/sh -c 'rm x'", "make && rm x"], asked.Skip(2).Select(a => a.What.Command));
        driver.Do(new Input.Answer(asked[0].ApprovalId, false, "not that"));

        Assert.Contains("not that", (string)Assert.Single(driver.Frames)["error"]!["message"]!);
        Assert.Empty(driver.State.Terminals);
        driver.Do(new Input.Interrupt());
        Assert.Contains("ended before", (string)driver.Frames[^1]["error"]!["message"]!);
        Assert.Equal(3, driver.Events.OfType<AgentEvent.ApprovalWithdrawn>().Count());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Its_life_is_told_once_whoever_asks_and_survives_a_checkpoint(bool asks)
    {
        var driver = Running(asks);
        driver.Line(Of(8, "wait_for_exit"));
        driver.Line(Of(9, "output"));
        driver.State = driver.Adapter.Load(driver.Adapter.Save(driver.State))!;
        Assert.Equal(["9"], Assert.Single(driver.State.Terminals).Looks);
        driver.Do(new Input.TerminalOutput("9", "so far", false));
        driver.Do(new Input.TerminalExited("drover-1", 2));
        driver.Do(new Input.TerminalExited("drover-1", 0));
        driver.Line(Of(10, "wait_for_exit"));
        driver.Line(Of(11, "kill"));
        driver.Line(Of(12, "release"));
        driver.Do(new Input.TerminalReleased("drover-1"));
        driver.Line(Of(13, "output"));

        Assert.Equal([9, 8, 10, 11, 12, 13], driver.Frames.Select(f => (int)f["id"]!));
        Assert.Null(driver.Frames[0]["result"]!["exitStatus"]);
        Assert.Equal([2, 2], driver.Frames.Skip(1).Take(2).Select(f => (int)f["result"]!["exitCode"]!));
        Assert.Equal(-32002, (int)driver.Frames[^1]["error"]!["code"]!);
        Assert.Empty(driver.State.Terminals);
        Assert.True(Assert.Single(driver.Events.OfType<AgentEvent.ToolReturned>()).IsError);
        driver.Line("""{"id":3,"result":{"stopReason":"end_turn"}}""");
        Vocabulary.Check(driver.Events);
    }

    [Fact]
    public void An_interrupt_wants_it_ended_and_those_who_wait_are_told()
    {
        var driver = Running();
        driver.Line(Of(8, "wait_for_exit"));

        driver.Do(new Input.Interrupt());
        Assert.Equal(TerminalWish.End, Assert.Single(driver.State.Terminals).Wish);
        driver.Do(new Input.TerminalExited("drover-1", null));
        driver.Line(Request(9, "create", "\"command\":\"make\""));

        Assert.Equal("SIGKILL", (string)driver.Frames.Single(f => (int?)f["id"] == 8)["result"]!["signal"]!);
        Assert.NotNull(driver.Frames.Single(f => (int?)f["id"] == 9)["error"]);
        driver.Line("""{"id":3,"result":{"stopReason":"cancelled"}}""");
        driver.Do(new Input.Exited(0, ""));
        Assert.Empty(driver.State.Terminals);
        Vocabulary.Check(driver.Events);
    }

    [Fact]
    public void A_command_that_starts_when_its_turn_is_over_is_no_work_of_the_next_one()
    {
        var driver = Offering();
        driver.Line(Request(7, "create", "\"command\":\"make\""));
        driver.Line("""{"id":3,"result":{"stopReason":"end_turn"}}""");
        driver.Do(new Input.TerminalStarted("drover-1", null));

        driver.Do(new Input.Prompt(Talk.Second, "go on"));
        driver.Line("""{"method":"session/update","params":{"sessionId":"s-1","update":{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"API Error: 500 Internal server error"}}}}""");
        driver.Line("""{"id":4,"result":{"stopReason":"end_turn"}}""");

        Assert.Equal([Outcome.Succeeded, Outcome.Failed], driver.Events.OfType<AgentEvent.TurnEnded>().Select(e => e.Ending.Outcome));
    }

    [Fact]
    public void There_are_only_so_many()
    {
        var driver = Offering();
        for (var id = 1; id <= 40; id++) driver.Line(Request(100 + id, "create", "\"command\":\"make\""));
        for (var id = 1; id <= 100; id++) driver.Line(Of(200 + id, "wait_for_exit"));

        Assert.Equal(16, driver.State.Terminals.Count);
        Assert.Equal(64, driver.State.Terminals[0].Waits.Count);
        Assert.Equal(24 + 36, driver.Frames.Count(f => f["error"] is not null));
    }
}
