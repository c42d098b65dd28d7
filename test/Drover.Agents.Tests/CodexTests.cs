using Drover.Core;
using Xunit;
using static Drover.Agents.Tests.CodexLines;

namespace Drover.Agents.Tests;

/// <summary>What is special about Codex: the moments at which the server takes a message or an interrupt, and those at which it does not.</summary>
public sealed class CodexTests
{
    [Fact]
    public void A_message_carries_our_id_and_the_item_with_that_id_is_its_receipt()
    {
        var driver = CodexLines.Driver(sandboxed: true);
        driver.Do(new Input.Prompt(Talk.First, "go"));
        var start = Last(driver, "turn/start");

        Assert.Equal(Talk.First.Value, (string)start["params"]!["clientUserMessageId"]!);
        driver.Line(CodexLines.Result(start, """{"turn":{"id":"t-1"}}"""));
        driver.Line(CodexLines.Started("t-1"));
        Assert.Empty(driver.Accepted());

        driver.Line(CodexLines.Shown("t-1", start));
        driver.Line(CodexLines.Shown("t-1", start));

        Assert.Equal([Talk.First], driver.Accepted());
    }

    [Fact]
    public void The_receipt_of_a_steer_is_its_item_and_not_the_servers_yes()
    {
        var driver = Working();
        driver.Do(new Input.Say(Talk.Second, "use tabs", SteerMode.Now));
        var steer = Last(driver, "turn/steer");
        Assert.Equal(("t-1", "th-1"), ((string)steer["params"]!["expectedTurnId"]!, (string)steer["params"]!["threadId"]!));

        driver.Line(CodexLines.Result(steer, """{"turnId":"t-1"}"""));
        Assert.Equal([Talk.First], driver.Accepted());
        driver.Line(CodexLines.Shown("t-1", steer));

        Assert.Equal([Talk.First, Talk.Second], driver.Accepted());
        driver.Line(CodexLines.Completed("t-1", "completed"));
        Assert.False(driver.State.TurnOpen);
        Vocabulary.Check(driver.Events);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_steer_that_comes_too_late_opens_the_next_turn_once(bool refusalFirst)
    {
        var driver = Working();
        driver.Do(new Input.Say(Talk.Second, "use tabs", SteerMode.Now));
        var steer = Last(driver, "turn/steer");
        string[] lines = [CodexLines.Error(steer, "no active turn to steer"), CodexLines.Completed("t-1", "completed")];

        foreach (var line in refusalFirst ? lines : lines.Reverse()) driver.Line(line);
        Assert.Equal(2, Count(driver, "turn/start"));
        Assert.Equal("use tabs", (string)Last(driver, "turn/start")["params"]!["input"]![0]!["text"]!);
        driver.Works();
        driver.Ends();

        Assert.Equal([Talk.First, Talk.Second], driver.Accepted());
        Assert.Equal(1, driver.Events.OfType<AgentEvent.MessageWritten>().Count(m => m.Message == Talk.Second));
        Assert.Equal([TurnEnding.Succeeded, TurnEnding.Succeeded], driver.Endings);
        Vocabulary.Check(driver.Events);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_steer_that_the_server_took_and_dropped_with_its_turn_opens_the_next_one(bool answeredBeforeTheEnd)
    {
        var driver = Working();
        driver.Do(new Input.Say(Talk.Second, "use tabs", SteerMode.Now));
        var steer = Last(driver, "turn/steer");
        driver.Do(new Input.Interrupt());
        string[] lines = [CodexLines.Result(steer, """{"turnId":"t-1"}"""), CodexLines.Completed("t-1", "interrupted")];

        foreach (var line in answeredBeforeTheEnd ? lines : lines.Reverse()) driver.Line(line);

        Assert.Equal(2, Count(driver, "turn/start"));
        Assert.True(driver.State.TurnOpen);
        driver.Works();
        driver.Ends();
        Assert.Equal([Talk.First, Talk.Second], driver.Accepted());
        Assert.False(driver.State.TurnOpen);
    }

    [Fact]
    public void Nothing_is_begun_while_nobody_knows_whether_a_steer_was_taken()
    {
        var driver = Working();
        driver.Do(new Input.Say(Talk.Second, "use tabs", SteerMode.Now));
        driver.Do(new Input.Say(Talk.Third, "then this", SteerMode.Next));

        driver.Line(CodexLines.Completed("t-1", "completed"));
        Assert.Equal(1, Count(driver, "turn/start"));
        driver.Line(CodexLines.Error(Last(driver, "turn/steer"), "no active turn to steer"));

        Assert.Equal("use tabs", (string)Last(driver, "turn/start")["params"]!["input"]![0]!["text"]!);
        driver.Works();
        driver.Ends();
        Assert.Equal("then this", (string)Last(driver, "turn/start")["params"]!["input"]![0]!["text"]!);
    }

    [Fact]
    public void A_message_for_now_waits_for_a_turn_that_has_not_begun_and_goes_into_it()
    {
        var driver = CodexLines.Driver(sandboxed: true);
        driver.Do(new Input.Prompt(Talk.First, "go"));

        driver.Do(new Input.Say(Talk.Second, "use tabs", SteerMode.Now));
        driver.Line(CodexLines.Result(Last(driver, "turn/start"), """{"turn":{"id":"t-1"}}"""));
        Assert.Equal(0, Count(driver, "turn/steer"));
        driver.Line(CodexLines.Started("t-1"));

        Assert.Equal("t-1", (string)Last(driver, "turn/steer")["params"]!["expectedTurnId"]!);
    }

    [Fact]
    public void What_is_said_again_of_a_turn_that_is_over_is_not_about_the_next()
    {
        var driver = Working();
        driver.Do(new Input.Say(Talk.Second, "then this", SteerMode.Next));
        driver.Line(CodexLines.Completed("t-1", "completed"));

        driver.Line(CodexLines.Started("t-1"));
        driver.Line(CodexLines.Completed("t-1", "completed"));
        Assert.Single(driver.Endings);
        driver.Works();
        driver.Line(CodexLines.Completed("t-1", "completed"));

        Assert.Single(driver.Endings);
        Assert.True(driver.State.TurnOpen);
    }

    [Fact]
    public void A_turn_that_the_server_begins_by_itself_is_followed()
    {
        var driver = CodexLines.Driver(sandboxed: true);

        driver.Line(CodexLines.Started("own"));
        driver.Do(new Input.Say(Talk.First, "use tabs", SteerMode.Now));
        Assert.Equal("own", (string)Last(driver, "turn/steer")["params"]!["expectedTurnId"]!);
        driver.Line(CodexLines.Shown("own", Last(driver, "turn/steer")));
        driver.Line(CodexLines.Completed("own", "completed"));

        Assert.Equal([TurnEnding.Succeeded], driver.Endings);
        Vocabulary.Check(driver.Events);
    }

    [Fact]
    public void A_turn_that_the_server_refuses_to_begin_has_failed_and_its_message_was_not_delivered()
    {
        var driver = CodexLines.Driver(sandboxed: true);
        driver.Do(new Input.Prompt(Talk.First, "much too long"));

        driver.Line(CodexLines.Error(Last(driver, "turn/start"), "Input exceeds the maximum length"));

        Assert.Equal(Talk.First, Assert.Single(driver.Events.OfType<AgentEvent.MessageRefused>()).Message);
        Assert.Contains("exceeds", Assert.Single(driver.Endings).Reason);
        Assert.False(driver.State.TurnOpen);
        Vocabulary.Check(driver.Events);
    }

    [Theory]
    [InlineData("no rollout found for thread id 01a1f7d9-89f9-7fe2-aa60-2a372d7e67a1")]
    [InlineData("invalid session id: invalid character")]
    public void A_conversation_that_is_not_there_is_told_so_that_a_fresh_one_can_be_begun(string message)
    {
        var driver = new Driver(Adapters.Find("codex")!, resume: "01a1f7d9-89f9-7fe2-aa60-2a372d7e67a1");
        driver.Do(new Input.Begin());
        driver.Do(new Input.Prompt(Talk.First, "go"));
        driver.Line("""{"id":1,"result":{}}""");
        Assert.Equal("thread/resume", (string)driver.Frames[^1]["method"]!);

        driver.Line(CodexLines.Error(driver.Frames[^1], message));

        var ending = Assert.Single(driver.Endings);
        Assert.Equal((FailureClass.Other, false), (ending.Class, ending.Retryable));
        Assert.StartsWith("the conversation is not known", ending.Reason);
        Assert.Equal(Talk.First, Assert.Single(driver.Events.OfType<AgentEvent.MessageRefused>()).Message);
        Assert.False(driver.State.TurnOpen);
    }

    [Fact]
    public void Tokens_are_what_a_total_has_grown_by_and_those_from_the_cache_are_counted_once()
    {
        var driver = Working();
        const string Below = "th-of-a-sub-agent";
        driver.Line(CodexLines.Tokens(CodexLines.Thread, 100, 40, 20));
        driver.Line(CodexLines.Tokens(CodexLines.Thread, 100, 40, 20));
        driver.Line(CodexLines.Tokens(CodexLines.Thread, 300, 140, 50));
        driver.Line(CodexLines.Tokens(Below, 100, 0, 20));
        driver.Line(CodexLines.Tokens(Below, 150, 0, 30));

        Assert.Equal([new(60, 20, 40, 0, null), new(100, 30, 100, 0, null), new(100, 20, 0, 0, null), new(50, 10, 0, 0, null)],
            driver.Events.OfType<AgentEvent.Usage>());
    }

    [Fact]
    public void What_a_resumed_conversation_has_used_before_is_not_counted_again()
    {
        var driver = CodexLines.Driver(sandboxed: true, resume: "th-1");
        driver.Do(new Input.Prompt(Talk.First, "go"));
        driver.Line(CodexLines.Tokens(CodexLines.Thread, 5000, 0, 900));
        driver.Works();

        driver.Line(CodexLines.Tokens(CodexLines.Thread, 5100, 0, 920));

        Assert.Equal(new AgentEvent.Usage(100, 20, 0, 0, null), Assert.Single(driver.Events.OfType<AgentEvent.Usage>()));
    }

    [Fact]
    public void Limits_are_passed_on_as_they_fill_up_and_give_a_refusal_its_end()
    {
        var driver = Working();
        foreach (var percent in new[] { 71, 72, 79, 80, 100 }) driver.Line(CodexLines.Limits(percent));
        Assert.Empty(driver.Line("""{"method":"account/rateLimits/updated","params":{"rateLimits":{"primary":null,"secondary":null}}}""").Events);
        Assert.Equal(["usage limit of 5 hours: 71 % used", "usage limit of 5 hours: 80 % used", "usage limit of 5 hours: 100 % used"],
            driver.Events.OfType<AgentEvent.Limit>().Select(l => l.Text));
        Assert.All(driver.Events.OfType<AgentEvent.Limit>(), l => Assert.False(l.Rejected));

        const string Error = """{"message":"You’ve hit your usage limit. Try again later.","codexErrorInfo":"usageLimitExceeded","additionalDetails":null}""";
        driver.Line(CodexLines.Notice("error", $""" "error":{Error},"willRetry":false """));
        driver.Line(CodexLines.Completed("t-1", "failed", Error));

        var end = DateTimeOffset.FromUnixTimeSeconds(1795190000);
        Assert.Equal((true, end), (driver.Events.OfType<AgentEvent.Limit>().Last().Rejected, driver.Events.OfType<AgentEvent.Limit>().Last().ResetsAt!.Value));
        var ending = Assert.Single(driver.Endings);
        Assert.Equal((FailureClass.UsageLimit, end, true), (ending.Class, ending.ResetsAt, ending.Retryable));
    }

    [Theory]
    [InlineData("\"contextWindowExceeded\"", "Codex ran out of room", FailureClass.Context, false)]
    [InlineData("\"usageLimitExceeded\"", "You’ve hit your usage limit.", FailureClass.UsageLimit, true)]
    [InlineData("\"usageLimitExceeded\"", "Quota exceeded. Check your plan and billing details.", FailureClass.UsageLimit, false)]
    [InlineData("\"rateLimitExceeded\"", "rate limit exceeded", FailureClass.RateLimit, true)]
    [InlineData("{\"responseTooManyFailedAttempts\":{\"httpStatusCode\":429}}", "exceeded retry limit", FailureClass.RateLimit, true)]
    [InlineData("{\"httpConnectionFailed\":{\"httpStatusCode\":401}}", "unexpected status 401 Unauthorized", FailureClass.Auth, false)]
    [InlineData("\"unauthorized\"", "Please log in", FailureClass.Auth, false)]
    [InlineData("\"other\"", "Missing environment variable: `SOME_KEY`.", FailureClass.Auth, false)]
    [InlineData("\"serverOverloaded\"", "Selected model is at capacity.", FailureClass.Overloaded, true)]
    [InlineData("\"internalServerError\"", "We’re currently experiencing high demand", FailureClass.Overloaded, true)]
    [InlineData("{\"httpConnectionFailed\":{\"httpStatusCode\":529}}", "unexpected status 529", FailureClass.Overloaded, true)]
    [InlineData("{\"httpConnectionFailed\":{\"httpStatusCode\":null}}", "it did not answer", FailureClass.Connection, true)]
    [InlineData("\"other\"", "stream disconnected before completion: stream closed before response.completed", FailureClass.Connection, true)]
    [InlineData("\"other\"", "Incomplete response returned, reason: max_output_tokens", FailureClass.Context, false)]
    [InlineData("\"other\"", "stream disconnected before completion: Incomplete response returned, reason: content_filter", FailureClass.Refused, false)]
    [InlineData("\"cyberPolicy\"", "refused for policy", FailureClass.Refused, false)]
    [InlineData("\"sessionBudgetExceeded\"", "the budget is spent", FailureClass.Budget, false)]
    [InlineData("\"modelNotFound\"", "The model does not exist", FailureClass.Other, false)]
    [InlineData("\"something new\"", "who knows", FailureClass.Other, false)]
    [InlineData("null", "who knows", FailureClass.Other, false)]
    [InlineData("[]", "who knows", FailureClass.Other, false)]
    public void An_error_is_told_by_status_kind_or_words(string info, string message, FailureClass expected, bool retryable)
    {
        var driver = Working();

        driver.Line(CodexLines.Completed("t-1", "failed", $$"""{"message":"{{message}}","codexErrorInfo":{{info}},"additionalDetails":null}"""));

        var ending = Assert.Single(driver.Endings);
        Assert.Equal((Outcome.Failed, expected, retryable), (ending.Outcome, ending.Class, ending.Retryable));
    }

    [Fact]
    public void An_error_that_is_tried_again_does_not_end_the_turn()
    {
        var driver = Working();
        foreach (var status in new[] { "429", "null" })
        {
            driver.Line(CodexLines.Notice("error", $$$"""
                "error":{"message":"Reconnecting... 1/5","codexErrorInfo":{"responseStreamDisconnected":{"httpStatusCode":{{{status}}}}},"additionalDetails":"again"},"willRetry":true
                """));
        }

        driver.Ends();

        Assert.Equal(FailureClass.RateLimit, Assert.Single(driver.Events.OfType<AgentEvent.Limit>()).Class);
        Assert.Equal(FailureClass.Connection, Assert.Single(driver.Events.OfType<AgentEvent.Trouble>()).Class);
        Assert.Equal([TurnEnding.Succeeded], driver.Endings);
    }

    [Theory]
    [InlineData("completed", """{"message":"it broke","codexErrorInfo":"other"}""", false)]
    [InlineData("completed", "null", true)]
    [InlineData("failed", "null", false)]
    [InlineData("inProgress", "null", false)]
    [InlineData("interrupted", """{"message":"too many denials","codexErrorInfo":"tooManyDenials"}""", false)]
    public void A_turn_has_succeeded_only_when_nothing_says_otherwise(string status, string error, bool systemError)
    {
        var driver = Working();
        if (systemError) driver.Line(CodexLines.Notice("thread/status/changed", """ "status":{"type":"systemError"} """));

        driver.Line(CodexLines.Completed("t-1", status, error));

        Assert.Equal(Outcome.Failed, Assert.Single(driver.Endings).Outcome);
    }

    [Fact]
    public void The_texts_of_sub_agents_are_not_the_agents_and_their_ends_not_its_end()
    {
        var driver = Working();
        foreach (var line in new[] { CodexLines.Said("x", "from below"), CodexLines.Started("x"), CodexLines.Completed("x", "completed") })
            driver.Line(line.Replace("th-1", "th-of-a-sub-agent", StringComparison.Ordinal));

        Assert.Equal(0, driver.Count<AgentEvent.Said>());
        Assert.Empty(driver.Endings);
        Assert.True(driver.State.TurnOpen);
    }
}
