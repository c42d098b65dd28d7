using System.Text.Json.Nodes;
using Drover.Core;
using Xunit;

namespace Drover.Agents.Tests;

public sealed class PiTests
{
    [Fact]
    public void The_end_of_a_run_is_believed_when_the_agent_says_that_it_rests()
    {
        var driver = Prompted();
        driver.Says("done");

        driver.Stops();
        Assert.Empty(driver.Endings);
        Assert.True(driver.State.TurnOpen);
        driver.Tells();

        Assert.Equal([TurnEnding.Succeeded], driver.Endings);
        Assert.False(driver.State.TurnOpen);
    }

    [Fact]
    public void A_retry_that_follows_the_end_of_a_run_is_the_same_turn()
    {
        var driver = Prompted();
        driver.Says("", "error", "429 slow down");
        driver.Stops("error", "429 slow down");
        driver.Line("""{"type":"auto_retry_start","attempt":1,"maxAttempts":3,"delayMs":2000,"errorMessage":"429 slow down"}""");
        driver.Tells();
        Assert.Empty(driver.Endings);

        driver.Line("""{"type":"agent_start"}""");
        driver.Line("""{"type":"auto_retry_end","success":true,"attempt":1}""");
        driver.Says("done");
        driver.Rests();

        Assert.Equal(1, driver.Count<AgentEvent.TurnStarted>());
        Assert.Equal(FailureClass.RateLimit, Assert.Single(driver.Events.OfType<AgentEvent.Limit>()).Class);
        Assert.Equal([TurnEnding.Succeeded], driver.Endings);
    }

    [Fact]
    public void Retries_that_are_used_up_end_the_turn_with_their_error()
    {
        var driver = Prompted();
        driver.Stops("error", "529 overloaded_error");
        driver.Line("""{"type":"auto_retry_end","success":false,"attempt":3,"finalError":"529 overloaded_error"}""");
        driver.Tells();

        var ending = Assert.Single(driver.Endings);
        Assert.Equal((Outcome.Failed, FailureClass.Overloaded, true), (ending.Outcome, ending.Class!.Value, ending.Retryable));
    }

    [Fact]
    public void An_interrupt_while_it_waits_to_try_again_ends_the_turn_as_interrupted()
    {
        var driver = Prompted();
        driver.Stops("error", "429 slow down");
        driver.Line("""{"type":"auto_retry_start","attempt":1,"maxAttempts":3,"delayMs":2000,"errorMessage":"429 slow down"}""");
        driver.Tells();

        driver.Do(new Input.Interrupt());
        driver.Line("""{"type":"auto_retry_end","success":false,"attempt":1,"finalError":"Retry cancelled"}""");
        driver.Tells();

        Assert.Equal(Outcome.Interrupted, Assert.Single(driver.Endings).Outcome);
    }

    [Fact]
    public void A_version_that_announces_when_it_has_settled_is_asked_again_then()
    {
        var driver = Prompted();
        driver.Says("done");
        driver.Stops();
        driver.Tells(works: true);
        Assert.Empty(driver.Endings);

        driver.Line("""{"type":"agent_settled"}""");
        driver.Tells();

        Assert.Equal([TurnEnding.Succeeded], driver.Endings);
    }

    [Fact]
    public void A_run_whose_end_says_that_a_retry_follows_has_not_ended()
    {
        var driver = Prompted();
        driver.Line("""{"type":"agent_end","willRetry":true,"messages":[{"role":"assistant","stopReason":"error","errorMessage":"500"}]}""");
        driver.Tells();

        Assert.Empty(driver.Endings);
    }

    [Fact]
    public void A_run_whose_last_line_was_too_long_is_asked_about()
    {
        var driver = Prompted();
        driver.Says("done");

        driver.Do(new Input.LineTooLong(20_000_000));
        driver.Tells();

        Assert.Equal([TurnEnding.Succeeded], driver.Endings);
    }

    [Fact]
    public void Making_the_history_shorter_belongs_to_the_turn_and_messages_wait_for_it()
    {
        var driver = Prompted();
        driver.Says("done");
        driver.Stops();
        driver.Line("""{"type":"compaction_start","reason":"threshold"}""");
        driver.Tells();
        driver.Do(new Input.Say(Talk.Second, "more", SteerMode.Now));
        Assert.Equal(["go"], driver.Written());
        Assert.Empty(driver.Endings);

        driver.Line("""{"type":"compaction_end","reason":"threshold","aborted":false,"willRetry":false}""");
        driver.Tells();

        Assert.Equal([TurnEnding.Succeeded], driver.Endings);
        Assert.Equal(["go", "more"], driver.Written());
    }

    [Fact]
    public void The_receipt_is_the_message_in_the_models_loop_and_not_the_commands_acknowledgement()
    {
        var driver = Prompted();
        driver.Do(new Input.Say(Talk.Second, "use tabs", SteerMode.Now));
        driver.Acknowledges(driver.Messages()[^1]);
        Assert.Equal([Talk.First], driver.Accepted());

        driver.Reads("use tabs");

        Assert.Equal([Talk.First, Talk.Second], driver.Accepted());
    }

    [Fact]
    public void Of_several_messages_for_now_one_at_a_time_is_under_way()
    {
        var driver = Prompted();
        driver.Do(new Input.Say(Talk.Second, "one", SteerMode.Now));
        driver.Do(new Input.Say(Talk.Third, "two", SteerMode.Now));
        Assert.Equal(["go", "one"], driver.Written());

        driver.Acknowledges(driver.Messages()[^1]);

        Assert.Equal(["go", "one", "two"], driver.Written());
    }

    [Fact]
    public void A_message_for_now_that_came_as_the_run_ended_opens_the_next_turn()
    {
        var driver = Prompted();
        driver.Says("done");
        driver.Do(new Input.Say(Talk.Second, "more", SteerMode.Now));

        driver.Stops();
        driver.TakesUp();
        driver.Tells(works: true);
        driver.Says("more done");
        driver.Rests();

        Assert.Equal([TurnEnding.Succeeded, TurnEnding.Succeeded], driver.Endings);
        Assert.Equal([Talk.First, Talk.Second], driver.Accepted());
        Assert.False(driver.State.TurnOpen);
        Vocabulary.Check(driver.Events);
    }

    [Fact]
    public void What_the_agent_holds_back_when_its_turn_is_interrupted_is_taken_from_it_and_written_once_more()
    {
        var driver = Prompted();
        driver.Do(new Input.Say(Talk.Second, "use tabs", SteerMode.Now));
        driver.Acknowledges(driver.Messages()[^1]);
        driver.Do(new Input.Interrupt());
        driver.Rests("aborted", "Request was aborted", queued: 1);

        var opened = driver.Frames[^1];
        Assert.Equal(("switch_session", "/homes/pi/s-1.jsonl"), ((string?)opened["type"], (string?)opened["sessionPath"]));
        Assert.Equal(2, driver.Messages().Count);
        Assert.True(driver.State.TurnOpen);
        driver.Line(new JsonObject { ["id"] = opened["id"]!.DeepClone(), ["type"] = "response", ["success"] = true, ["data"] = new JsonObject { ["cancelled"] = false } });

        Assert.Equal(["go", "use tabs", "use tabs"], driver.Written());
        driver.TakesUp();
        driver.Says("done");
        driver.Rests();
        Assert.Equal([Talk.First, Talk.Second], driver.Accepted());
        Assert.Equal(2, driver.Count<AgentEvent.MessageWritten>());
        Assert.Equal([Outcome.Interrupted, Outcome.Succeeded], driver.Endings.Select(e => e.Outcome));
        Vocabulary.Check(driver.Events);
    }

    [Fact]
    public void What_a_version_drops_at_an_interrupt_is_written_once_more()
    {
        var driver = Prompted();
        driver.Do(new Input.Say(Talk.Second, "use tabs", SteerMode.Now));
        driver.Acknowledges(driver.Messages()[^1]);
        driver.Do(new Input.Interrupt());

        driver.Rests("aborted", "Request was aborted", queued: 0);

        Assert.Equal(["go", "use tabs", "use tabs"], driver.Written());
        Assert.DoesNotContain(driver.Frames, f => (string?)f["type"] == "switch_session");
    }

    [Fact]
    public void What_cannot_be_taken_from_the_agent_is_refused_in_words_that_say_so()
    {
        var driver = Prompted();
        driver.Do(new Input.Say(Talk.Second, "use tabs", SteerMode.Now));
        driver.Acknowledges(driver.Messages()[^1]);
        driver.Do(new Input.Interrupt());
        driver.Rests("aborted", queued: 1);

        driver.Line(new JsonObject { ["id"] = driver.Frames[^1]["id"]!.DeepClone(), ["type"] = "response", ["success"] = false, ["error"] = "no" });

        Assert.Equal(Talk.Second, Assert.Single(driver.Events.OfType<AgentEvent.MessageRefused>()).Message);
        Assert.False(driver.State.TurnOpen);
    }

    [Fact]
    public void An_interrupt_before_the_run_has_begun_is_said_again_when_it_begins()
    {
        var driver = Talk.Pi();
        driver.Do(new Input.Prompt(Talk.First, "go"));
        driver.Do(new Input.Interrupt());
        Assert.Equal(1, Aborts(driver));

        driver.TakesUp();

        Assert.Equal(2, Aborts(driver));
        driver.Rests("aborted", "Request was aborted");
        Assert.Equal(Outcome.Interrupted, Assert.Single(driver.Endings).Outcome);
    }

    [Fact]
    public void A_prompt_that_is_refused_is_a_failed_turn_with_its_class()
    {
        var driver = Talk.Pi();
        driver.Do(new Input.Prompt(Talk.First, "go"));

        driver.Line($$"""{"id":"{{Talk.First}}","type":"response","command":"prompt","success":false,"error":"No API key found for anthropic."}""");

        Assert.Equal(FailureClass.Auth, Assert.Single(driver.Endings).Class);
        Assert.Equal(Talk.First, Assert.Single(driver.Events.OfType<AgentEvent.MessageRefused>()).Message);
        Assert.False(driver.State.TurnOpen);
    }

    [Fact]
    public void An_interrupt_that_came_to_nothing_does_not_end_a_later_turn()
    {
        var driver = Talk.Pi();
        driver.Do(new Input.Prompt(Talk.First, "go"));
        driver.Do(new Input.Interrupt());
        driver.Line($$"""{"id":"{{Talk.First}}","type":"response","command":"prompt","success":false,"error":"no"}""");
        driver.Do(new Input.Prompt(Talk.Second, "again"));

        driver.TakesUp();

        Assert.Equal(1, Aborts(driver));
    }

    [Fact]
    public void A_message_that_is_taken_up_has_begun_a_turn_whatever_was_missed()
    {
        var driver = Talk.Pi();
        driver.Do(new Input.Prompt(Talk.First, "go"));

        driver.Reads("go");

        Assert.True(driver.State.TurnOpen);
        Assert.Equal(1, driver.Count<AgentEvent.TurnStarted>());
        driver.Rests();
        Assert.Equal([TurnEnding.Succeeded], driver.Endings);
    }

    [Fact]
    public void A_text_that_looks_like_a_command_of_an_extension_is_given_as_words()
    {
        var driver = Talk.Pi();
        driver.Do(new Input.Prompt(Talk.First, "/clear everything"));

        Assert.Equal([" /clear everything"], driver.Written());
        driver.TakesUp();
        Assert.Equal([Talk.First], driver.Accepted());
    }

    [Fact]
    public void Whoever_asks_somebody_at_a_screen_is_told_that_nobody_is_there()
    {
        var driver = Prompted();

        driver.Line("""{"type":"extension_ui_request","id":"q-1","method":"confirm","title":"Really?"}""");
        driver.Line("""{"type":"extension_ui_request","id":"q-2","method":"notify","message":"hello"}""");

        Assert.Equal("""{"type":"extension_ui_response","id":"q-1","cancelled":true}""", driver.Frames[^1].ToJsonString());
        Assert.Equal(2, driver.Count<AgentEvent.Raw>());
    }

    [Theory]
    [InlineData("stop", null, "succeeded")]
    [InlineData("aborted", "Request was aborted", "interrupted")]
    [InlineData("length", null, "failed/context")]
    [InlineData("error", "401 Invalid API key", "failed/auth")]
    [InlineData("error", "429 {\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\"}}", "failed/rate_limit retryable")]
    [InlineData("error", "429 You exceeded your current quota, please check your plan and billing details.", "failed/usage_limit retryable")]
    [InlineData("error", "529 {\"type\":\"overloaded_error\"}", "failed/overloaded retryable")]
    [InlineData("error", "503 status code (no body)", "failed/overloaded retryable")]
    [InlineData("error", "400 prompt is too long: 213462 tokens > 200000 maximum", "failed/context")]
    [InlineData("error", "413 {\"error\":{\"type\":\"request_too_large\"}}", "failed/context")]
    [InlineData("error", "Provider finish_reason: content_filter", "failed/refused")]
    [InlineData("error", "terminated", "failed/connection retryable")]
    [InlineData("error", "Connection error.", "failed/connection retryable")]
    [InlineData("error", null, "failed/other")]
    [InlineData("unheard_of", null, "failed/protocol")]
    public void A_turn_is_judged_by_the_models_last_message(string stop, string? error, string expected)
    {
        var driver = Prompted();
        driver.Says("words", stop, error);
        driver.Rests(stop, error);

        Assert.Equal(expected, EventText.Ending(Assert.Single(driver.Endings)).Split(':')[0]);
    }

    [Theory]
    [InlineData(1, "No session found matching 'x'", "failed/other: the conversation is not known: No session found")]
    [InlineData(0, "Session found in different project: /elsewhere\nAborted.", "failed/other: the conversation is not known: it was begun in another directory")]
    [InlineData(1, "Error: Model \"gpt-9\" not found. Use --list-models", "failed/other: Error: Model \"gpt-9\" not found")]
    [InlineData(1, "Error: No API key found for anthropic", "failed/auth: the agent's process exited with 1")]
    [InlineData(1, "boom", "failed/crashed retryable: the agent's process exited with 1")]
    public void A_process_that_ends_before_it_speaks_says_why(int code, string errors, string expected)
    {
        var driver = new Driver(Adapters.Find("pi")!, resume: "x");
        driver.Do(new Input.Begin());

        driver.Do(new Input.Exited(code, errors));

        Assert.StartsWith(expected, EventText.Ending(Assert.Single(driver.Endings)));
    }

    [Fact]
    public void Usage_is_told_for_each_answer_and_no_price_is_no_cost()
    {
        var driver = Prompted();
        driver.Says("one");
        driver.Line("""{"type":"message_end","message":{"role":"assistant","content":[],"stopReason":"stop","usage":{"input":7,"output":1,"cost":{"total":0}}}}""");

        Assert.Equal([new(10, 5, 2, 1, 0.5m), new AgentEvent.Usage(7, 1, 0, 0, null)], driver.Events.OfType<AgentEvent.Usage>());
    }

    [Fact]
    public void Of_a_line_that_repeats_the_whole_answer_only_the_piece_is_read()
    {
        var driver = Prompted();
        var whole = new string('x', 5_000_000);

        var step = driver.Line($$$"""{"type":"message_update","assistantMessageEvent":{"type":"text_delta","contentIndex":0,"delta":"tail \"q\" 🐑","partial":{"content":"{{{whole}}}"}},"message":"{{{whole}}}"}""");

        Assert.Equal(new AgentEvent.Delta(IsThought: false, "tail \"q\" 🐑"), Assert.Single(step.Events));
        Assert.Same(step.State, driver.State);
    }

    [Fact]
    public void The_command_line_is_the_whole_protocol()
    {
        var request = Requests.For("pi", sandboxed: true, model: "anthropic/opus") with
        {
            IsolatedHome = "/homes/coder",
            AppendedPrompt = "Be brief.",
            Options = new Dictionary<string, string> { ["thinking"] = "high", ["provider"] = "anthropic", ["tools"] = "read,bash" },
        };
        var adapter = Adapters.Find("pi")!;

        var launch = adapter.Plan(request);

        Assert.Equal(["pi", "--mode", "rpc", "--model", "anthropic/opus", "--provider", "anthropic", "--thinking", "high", "--tools", "read,bash", "--append-system-prompt", "Be brief."], launch.Arguments);
        Assert.Equal("/homes/coder", launch.Environment["PI_CODING_AGENT_DIR"]);
        Assert.Empty(launch.HomePaths);
        Assert.Equal([".pi/agent"], adapter.Plan(Requests.For("pi", sandboxed: true)).HomePaths);
        Assert.Equal(["--session", "s-1"], adapter.Plan(Requests.For("pi", sandboxed: true, resume: "s-1")).Arguments.TakeLast(2));
        Assert.Equal(["--fork", "s-1"], adapter.Plan(Requests.For("pi", sandboxed: true, resume: "s-1") with { Forks = true }).Arguments.TakeLast(2));
        Assert.DoesNotContain(launch.Inherits, n => n.StartsWith("AWS", StringComparison.Ordinal) || n == "*");
    }

    private static Driver Prompted()
    {
        var driver = Talk.Pi();
        driver.Do(new Input.Prompt(Talk.First, "go"));
        driver.TakesUp();
        return driver;
    }

    private static int Aborts(Driver driver) => driver.Frames.Count(f => (string?)f["type"] == "abort");
}
