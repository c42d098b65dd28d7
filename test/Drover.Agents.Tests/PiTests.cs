using Drover.Core;
using Xunit;

namespace Drover.Agents.Tests;

public sealed class PiTests
{
    [Fact]
    public void The_end_of_a_run_is_believed_when_the_agent_says_that_it_rests()
    {
        var driver = PiTalk.Prompted();
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
        var driver = PiTalk.Prompted();
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
        var driver = PiTalk.Prompted();
        driver.Stops("error", "529 overloaded_error");
        driver.Line("""{"type":"auto_retry_end","success":false,"attempt":3,"finalError":"529 overloaded_error"}""");
        driver.Tells();

        var ending = Assert.Single(driver.Endings);
        Assert.Equal((Outcome.Failed, FailureClass.Overloaded, true), (ending.Outcome, ending.Class!.Value, ending.Retryable));
    }

    [Fact]
    public void A_version_that_announces_when_it_has_settled_is_asked_again_then()
    {
        var driver = PiTalk.Prompted();
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
        var driver = PiTalk.Prompted();
        driver.Line("""{"type":"agent_end","willRetry":true,"messages":[{"role":"assistant","stopReason":"error","errorMessage":"500"}]}""");
        driver.Tells();

        Assert.Empty(driver.Endings);
    }

    [Fact]
    public void A_run_whose_last_line_was_too_long_is_asked_about()
    {
        var driver = PiTalk.Prompted();
        driver.Says("done");

        driver.Do(new Input.LineTooLong(20_000_000));
        driver.Tells();

        Assert.Equal([TurnEnding.Succeeded], driver.Endings);
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
        var driver = PiTalk.Prompted();
        driver.Says("words", stop, error);
        driver.Rests(stop, error);

        Assert.Equal(expected, EventText.Ending(Assert.Single(driver.Endings)).Split(':')[0]);
    }

    [Fact]
    public void Usage_is_told_for_each_answer_and_no_price_is_no_cost()
    {
        var driver = PiTalk.Prompted();
        driver.Says("one");
        driver.Line("""{"type":"message_end","message":{"role":"assistant","content":[],"stopReason":"stop","usage":{"input":7,"output":1,"cost":{"total":0}}}}""");

        Assert.Equal([new(10, 5, 2, 1, 0.5m), new AgentEvent.Usage(7, 1, 0, 0, null)], driver.Events.OfType<AgentEvent.Usage>());
    }

    [Fact]
    public void Of_a_line_that_repeats_the_whole_answer_only_the_piece_is_read()
    {
        var driver = PiTalk.Prompted();
        var whole = new string('x', 5_000_000);

        var step = driver.Line($$$"""{"type":"message_update","assistantMessageEvent":{"type":"text_delta","contentIndex":0,"delta":"tail \"q\" 🐑","partial":{"content":"{{{whole}}}"}},"message":"{{{whole}}}"}""");

        Assert.Equal(new AgentEvent.Delta(IsThought: false, "tail \"q\" 🐑"), Assert.Single(step.Events));
        Assert.Same(step.State, driver.State);
    }

    [Fact]
    public void Whoever_asks_somebody_at_a_screen_is_told_that_nobody_is_there()
    {
        var driver = PiTalk.Prompted();

        driver.Line("""{"type":"extension_ui_request","id":"q-1","method":"confirm","title":"Really?"}""");
        driver.Line("""{"type":"extension_ui_request","id":"q-2","method":"notify","message":"hello"}""");

        Assert.Equal("""{"type":"extension_ui_response","id":"q-1","cancelled":true}""", driver.Frames[^1].ToJsonString());
        Assert.Equal(2, driver.Count<AgentEvent.Raw>());
    }
}
