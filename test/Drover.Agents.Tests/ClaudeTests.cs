using System.Text.Json.Nodes;
using Drover.Core;
using Xunit;

namespace Drover.Agents.Tests;

/// <summary>What is special about stream-JSON.</summary>
public sealed class ClaudeTests
{
    private const string Question =
        """{"type":"control_request","request_id":"q-1","request":{"subtype":"can_use_tool","tool_name":"Bash","input":{"command":"make"},"tool_use_id":"t-1"}}""";

    [Fact]
    public void The_start_of_its_turn_is_the_receipt_of_a_prompt_and_the_later_echo_is_not_a_second_one()
    {
        var driver = Talk.Claude(sandboxed: true);
        driver.Do(new Input.Prompt(Talk.First, "go"));

        driver.Line(Talk.Init);
        Assert.Equal([Talk.First], driver.Accepted());
        driver.Line(Talk.Echo(Talk.First));
        driver.Line(Talk.Echo(Talk.First));

        Assert.Equal([Talk.First], driver.Accepted());
    }

    [Fact]
    public void A_steer_is_accepted_when_it_is_echoed()
    {
        var driver = Talk.Claude(sandboxed: true);
        driver.Do(new Input.Prompt(Talk.First, "go"));
        driver.Line(Talk.Init);
        driver.Do(new Input.Say(Talk.Second, "use tabs", SteerMode.Now));
        driver.Line(Talk.Assistant("working"));
        Assert.Equal([Talk.First], driver.Accepted());

        driver.Line(Talk.Echo(Talk.Second));

        Assert.Equal([Talk.First, Talk.Second], driver.Accepted());
        driver.Ends();
        Assert.False(driver.State.TurnOpen);
    }

    [Fact]
    public void A_steer_that_the_turn_did_not_take_up_keeps_the_run_open_and_begins_the_next_turn()
    {
        var driver = Talk.Claude(sandboxed: true);
        driver.Do(new Input.Prompt(Talk.First, "go"));
        driver.Line(Talk.Init);
        driver.Do(new Input.Say(Talk.Second, "too late for this turn", SteerMode.Now));

        driver.Ends();

        Assert.True(driver.State.TurnOpen);
        driver.Do(new Input.Say(Talk.Third, "after that", SteerMode.Next));
        Assert.Equal(["go", "too late for this turn"], driver.Written());
        driver.Line(Talk.Init);
        driver.Line(Talk.Result("second"));
        Assert.Equal([Talk.First, Talk.Second], driver.Accepted());
        Assert.Equal(["go", "too late for this turn", "after that"], driver.Written());
        Assert.Equal(2, driver.Endings.Count);
        Vocabulary.Check([.. driver.Events]);
    }

    [Fact]
    public void A_turn_that_a_background_task_began_is_no_receipt()
    {
        var driver = Talk.Claude(sandboxed: true);
        driver.Line("""{"type":"system","subtype":"task_notification"}""");
        driver.Do(new Input.Prompt(Talk.First, "go"));

        driver.Line(Talk.Init);
        Assert.Empty(driver.Accepted());
        driver.Ends();
        Assert.True(driver.State.TurnOpen);
        driver.Line(Talk.Echo(Talk.First));

        Assert.Equal([Talk.First], driver.Accepted());
    }

    [Fact]
    public void A_repeated_result_ends_no_second_turn()
    {
        var driver = Talk.Claude(sandboxed: true);
        driver.Do(new Input.Prompt(Talk.First, "go"));
        driver.Line(Talk.Init);
        driver.Do(new Input.Say(Talk.Second, "more", SteerMode.Now));
        var result = Talk.Result("done");
        result["uuid"] = "r-1";

        driver.Line(result);
        driver.Line(result);

        Assert.Single(driver.Endings);
        Assert.DoesNotContain(Talk.Second, driver.Accepted());
    }

    [Fact]
    public void Cost_is_what_the_process_total_has_grown_by()
    {
        var driver = Talk.Claude(sandboxed: true);
        foreach (var (message, total) in new[] { (Talk.First, 0.5), (Talk.Second, 0.75), (Talk.Third, 0.75) })
        {
            driver.Do(new Input.Prompt(message, "go"));
            driver.Line(Talk.Init);
            var result = Talk.Result("done");
            result["total_cost_usd"] = total;
            driver.Line(result);
        }

        Assert.Equal([0.5m, 0.25m, 0m], driver.Events.OfType<AgentEvent.Usage>().Select(u => u.Usd!.Value));
        Assert.All(driver.Events.OfType<AgentEvent.Usage>(), u => Assert.Equal((10, 5), (u.Input, u.Output)));
    }

    [Fact]
    public void A_turn_that_was_killed_still_tells_the_tokens_its_stream_showed()
    {
        var driver = Talk.Claude(sandboxed: true);
        driver.Do(new Input.Prompt(Talk.First, "go"));
        driver.Line("""{"type":"stream_event","event":{"type":"message_start","message":{"usage":{"input_tokens":100,"cache_read_input_tokens":7}}}}""");
        driver.Line("""{"type":"stream_event","event":{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":20}}}""");

        driver.Do(new Input.Exited(137, ""));

        Assert.Equal(new AgentEvent.Usage(100, 20, 7, 0, null), Assert.Single(driver.Events.OfType<AgentEvent.Usage>()));
    }

    [Fact]
    public void A_question_is_asked_once_and_an_allowance_gives_the_input_back()
    {
        var driver = Talk.Claude(sandboxed: false);
        driver.Line(Question);
        driver.Line(Question);
        var asked = Assert.Single(driver.Events.OfType<AgentEvent.ApprovalAsked>());
        Assert.Equal(("q-1", "Bash"), (asked.ApprovalId, asked.Tool));

        driver.Do(new Input.Answer("q-1", Allow: true, null));
        driver.Do(new Input.Answer("q-1", Allow: false, "second thoughts"));

        var response = Assert.Single(driver.Frames)["response"]!["response"]!;
        Assert.Equal("""{"behavior":"allow","updatedInput":{"command":"make"}}""", response.ToJsonString());
    }

    [Fact]
    public void A_denial_says_why()
    {
        var driver = Talk.Claude(sandboxed: false);
        driver.Line(Question);

        driver.Do(new Input.Answer("q-1", Allow: false, "not \"this\""));

        var response = Assert.Single(driver.Frames)["response"]!["response"]!;
        Assert.Equal(("deny", "not \"this\""), ((string)response["behavior"]!, (string)response["message"]!));
    }

    [Theory]
    [InlineData("""{"type":"control_cancel_request","request_id":"q-1"}""")]
    [InlineData(Talk.Aborted)]
    public void A_question_that_was_taken_back_is_withdrawn_once_and_an_answer_goes_nowhere(string line)
    {
        var driver = Talk.Claude(sandboxed: false);
        driver.Do(new Input.Prompt(Talk.First, "go"));
        driver.Line(Talk.Init);
        driver.Line(Question);
        var frames = driver.Frames.Count;

        driver.Line(line);
        driver.Line(line);
        driver.Do(new Input.Answer("q-1", Allow: true, null));

        Assert.Equal("q-1", Assert.Single(driver.Events.OfType<AgentEvent.ApprovalWithdrawn>()).ApprovalId);
        Assert.Equal(frames, driver.Frames.Count);
    }

    [Fact]
    public void Inside_the_sandbox_everything_is_allowed_but_a_choice_that_nobody_can_make()
    {
        var driver = Talk.Claude(sandboxed: true);

        driver.Line(Question);
        driver.Line(Question.Replace("Bash", "AskUserQuestion").Replace("q-1", "q-2"));

        Assert.Empty(driver.Events);
        Assert.Equal(["allow", "deny"], driver.Frames.Select(f => (string)f["response"]!["response"]!["behavior"]!));
    }

    [Fact]
    public void A_control_request_that_is_not_offered_gets_an_error()
    {
        var driver = Talk.Claude(sandboxed: true);

        driver.Line("""{"type":"control_request","request_id":"h-1","request":{"subtype":"hook_callback"}}""");

        Assert.IsType<AgentEvent.Raw>(Assert.Single(driver.Events));
        Assert.Equal(("error", "h-1"), ((string)driver.Frames[0]["response"]!["subtype"]!, (string)driver.Frames[0]["response"]!["request_id"]!));
    }

    [Fact]
    public void The_echo_of_our_own_answer_is_not_taken_for_the_handshake()
    {
        var driver = new Driver(Adapters.Find("claude")!);
        driver.Do(new Input.Begin());

        driver.Line("""{"type":"control_response","response":{"subtype":"success","request_id":"q-1","response":{"behavior":"allow"}}}""");

        Assert.Empty(driver.Events);
    }

    [Fact]
    public void What_a_sub_agent_says_is_not_the_agents_word_but_its_tools_are_seen()
    {
        var driver = Talk.Claude(sandboxed: true);
        driver.Do(new Input.Prompt(Talk.First, "go"));
        driver.Line(Talk.Init);
        var said = Talk.Assistant("I am only a helper");
        said["parent_tool_use_id"] = "t-0";
        var called = said.DeepClone().AsObject();
        called["message"]!["content"] = new JsonArray(new JsonObject { ["type"] = "tool_use", ["id"] = "t-9", ["name"] = "Read", ["input"] = new JsonObject() });

        driver.Line(said);
        driver.Line(called);

        Assert.Equal(0, driver.Count<AgentEvent.Said>());
        Assert.Equal("t-9", Assert.Single(driver.Events.OfType<AgentEvent.ToolCalled>()).CallId);
    }

    [Fact]
    public void A_limit_that_only_warns_fails_nothing()
    {
        var driver = Talk.Claude(sandboxed: true);
        driver.Do(new Input.Prompt(Talk.First, "go"));
        driver.Line(Talk.Init);
        driver.Line("""{"type":"rate_limit_event","rate_limit_info":{"status":"allowed"}}""");
        driver.Line("""{"type":"rate_limit_event","rate_limit_info":{"status":"allowed_warning","resetsAt":1795190000,"rateLimitType":"five_hour","utilization":0.9}}""");

        driver.Ends();

        Assert.False(Assert.Single(driver.Events.OfType<AgentEvent.Limit>()).Rejected);
        Assert.Equal(TurnEnding.Succeeded, Assert.Single(driver.Endings));
    }

    [Fact]
    public void The_command_line_is_the_whole_protocol_and_nothing_is_swallowed()
    {
        var adapter = Adapters.Find("claude")!;

        var outside = adapter.Plan(Requests.For("claude", sandboxed: false, model: "opus")).Arguments;
        var inside = adapter.Plan(Requests.For("claude", sandboxed: true, resume: "old-id"));

        Assert.Equal(
            ["claude", "-p", "--input-format", "stream-json", "--output-format", "stream-json", "--verbose", "--include-partial-messages", "--replay-user-messages",
             "--permission-prompt-tool", "stdio", "--permission-mode", "acceptEdits", "--session-id", Requests.Conversation, "--model", "opus", "--allowedTools", "Bash(git *)"],
            outside);
        Assert.Equal(["--permission-mode", "bypassPermissions", "--resume", "old-id"], inside.Arguments.Skip(11));
        Assert.Equal("1", inside.Environment["IS_SANDBOX"]);
    }

    [Fact]
    public void The_environment_silences_the_vendor_and_never_claims_a_sandbox_that_is_not_there()
    {
        var launch = Adapters.Find("claude")!.Plan(Requests.For("claude", sandboxed: false) with { Program = ["/opt/claude", "--debug"], IsolatedHome = "/homes/coder-1" });

        Assert.Equal(["/opt/claude", "--debug", "-p"], launch.Arguments.Take(3));
        Assert.Equal(["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "CLAUDE_CONFIG_DIR", "DISABLE_AUTOUPDATER"], launch.Environment.Keys.Order());
        Assert.Equal("/homes/coder-1", launch.Environment["CLAUDE_CONFIG_DIR"]);
        Assert.Empty(launch.HomePaths);
        Assert.Contains("ANTHROPIC_*", launch.Inherits);
    }
}
