using Drover.Agents.Acp;
using Drover.Core;
using Xunit;

namespace Drover.Agents.Tests;

/// <summary>A second prompt within a turn, for the agents that are known to take it up there.</summary>
public sealed class AcpSteeringTests
{
    private static Driver Steerable()
    {
        var adapter = Adapters.Find("acp")!;
        var driver = Talk.Acp(sandboxed: true);
        driver.State = (AcpState)driver.State with { Steers = true };
        driver.Do(new Input.Prompt(Talk.First, "go"));
        driver.Works();
        driver.Do(new Input.Say(Talk.Second, "use tabs", SteerMode.Now));
        Assert.Equal(["go", "use tabs"], driver.Written());
        Assert.Equal([Talk.First], driver.Accepted());
        return driver;
    }

    private static string Answer(Driver driver, int prompt, string result) =>
        $$"""{"jsonrpc":"2.0","id":{{driver.Frames.Where(f => (string?)f["method"] == "session/prompt").ElementAt(prompt)["id"]}},{{result}}}""";

    private static void Ends(Driver driver, int prompt, long tokens, string stop = "end_turn") =>
        driver.Line(Answer(driver, prompt, $$$"""
            "result":{"stopReason":"{{{stop}}}","usage":{"inputTokens":{{{tokens}}},"outputTokens":{{{Math.Min(tokens, 20)}}} } }
            """));

    private static void Says(Driver driver, string text) =>
        driver.Line(Talk.Update($$$"""{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"{{{text}}}"}}"""));

    [Theory]
    [InlineData("/opt/bin/opencode", null, true, false)]
    [InlineData("claude-agent-acp", null, true, false)]
    [InlineData("opencode", "false", false, false)]
    [InlineData("gemini", null, false, false)]
    [InlineData("qwen", "true", true, false)]
    [InlineData("codex-acp", null, false, false)]
    [InlineData("something", null, false, true)]
    [InlineData("something", "true", true, false)]
    public void Whether_a_message_goes_into_the_turn_is_known_of_the_program_or_said_by_its_settings(string program, string? option, bool does, bool may)
    {
        var adapter = Adapters.Find("acp")!.For([program, "acp"]);
        var options = option is null ? new Dictionary<string, string>() : new() { ["steers"] = option };
        var request = Requests.For("acp", sandboxed: true) with { Program = [program, "acp"], Options = options };

        Assert.Equal((does, may), (adapter.With(options).SaysInsideTurn, adapter.With(options).MaySayInsideTurn));
        Assert.Equal(does, ((AcpState)adapter.Plan(request).State).Steers);
        Assert.Equal(does || may, ((AcpState)adapter.Plan(request with { ShownToSteer = true }).State).Steers);
    }

    [Fact]
    public void Both_answers_together_are_one_turn_whose_usage_counts_once()
    {
        var driver = Steerable();
        Says(driver, "with tabs");

        Ends(driver, 0, 100);
        Assert.True(driver.State.TurnOpen);
        Assert.Empty(driver.Endings);
        Ends(driver, 1, 100);

        Assert.Equal([TurnEnding.Succeeded], driver.Endings);
        Assert.Equal([Talk.First, Talk.Second], driver.Accepted());
        Assert.Equal(100, Assert.Single(driver.Events.OfType<AgentEvent.Usage>()).Input);
        Assert.False(driver.State.TurnOpen);
        Vocabulary.Check(driver.Events);
    }

    [Fact]
    public void An_answer_when_the_message_is_taken_up_does_not_end_the_turn_and_what_follows_is_the_receipt()
    {
        var driver = Steerable();

        Ends(driver, 0, 0);
        Assert.Equal([Talk.First], driver.Accepted());
        Says(driver, "with tabs");
        Assert.Equal([Talk.First, Talk.Second], driver.Accepted());
        Ends(driver, 1, 70);

        Assert.Equal([TurnEnding.Succeeded], driver.Endings);
        Assert.Equal(70, driver.Events.OfType<AgentEvent.Usage>().Sum(u => u.Input));
        Vocabulary.Check(driver.Events);
    }

    [Fact]
    public void The_order_of_the_answers_does_not_matter()
    {
        var driver = Steerable();

        Ends(driver, 1, 100);
        Ends(driver, 0, 100);

        Assert.Equal([TurnEnding.Succeeded], driver.Endings);
        Assert.Equal([Talk.First, Talk.Second], driver.Accepted());
        Assert.Equal(100, Assert.Single(driver.Events.OfType<AgentEvent.Usage>()).Input);
    }

    [Fact]
    public void A_failed_turn_is_not_saved_by_the_answer_to_the_message_that_joined_it()
    {
        var driver = Steerable();

        Ends(driver, 0, 1, "refusal");
        Ends(driver, 1, 1);

        Assert.Equal(FailureClass.Refused, Assert.Single(driver.Endings).Class);
    }

    [Fact]
    public void A_message_that_the_agent_does_not_take_into_its_turn_is_refused_and_the_turn_goes_on()
    {
        var driver = Steerable();

        driver.Line(Answer(driver, 1, """ "error":{"code":-32600,"message":"busy"} """));

        Assert.Equal(Talk.Second, Assert.Single(driver.Events.OfType<AgentEvent.MessageRefused>()).Message);
        Assert.Empty(driver.Endings);
        Ends(driver, 0, 1);
        Assert.Equal([TurnEnding.Succeeded], driver.Endings);
    }

    [Fact]
    public void An_interrupt_ends_both_and_what_was_to_come_instead_is_written_then()
    {
        var driver = Steerable();

        driver.Do(new Input.Say(Talk.Third, "instead", SteerMode.Interrupt));
        Ends(driver, 0, 0, "cancelled");
        Assert.Equal(["go", "use tabs"], driver.Written());
        Ends(driver, 1, 0, "cancelled");

        Assert.Equal(Outcome.Interrupted, Assert.Single(driver.Endings).Outcome);
        Assert.Equal(["go", "use tabs", "instead"], driver.Written());
    }

    [Fact]
    public void A_message_for_later_waits_all_the_same()
    {
        var driver = Steerable();

        driver.Do(new Input.Say(Talk.Third, "later", SteerMode.Next));
        Ends(driver, 0, 0);
        Assert.Equal(["go", "use tabs"], driver.Written());
        Ends(driver, 1, 0);

        Assert.Equal(["go", "use tabs", "later"], driver.Written());
    }

    [Fact]
    public void A_message_that_the_agent_never_answers_is_given_up_some_time_after_its_turn()
    {
        var driver = Steerable();
        driver.Do(new Input.Say(Talk.Third, "later", SteerMode.Next));
        Assert.Null(driver.State.Patience);

        Ends(driver, 0, 100);
        Assert.NotNull(driver.State.Patience);
        Assert.True(driver.State.TurnOpen);
        driver.Do(new Input.Quiet());

        Assert.Equal(Talk.Second, Assert.Single(driver.Events.OfType<AgentEvent.MessageUnanswered>()).Message);
        Assert.DoesNotContain(Talk.Second, driver.Accepted());
        Assert.Equal([TurnEnding.Succeeded], driver.Endings);
        Assert.Equal(["go", "use tabs", "later"], driver.Written());
        Vocabulary.Check(driver.Events);
    }

    [Fact]
    public void Silence_gives_up_nothing_while_the_turn_goes_on_or_the_agent_thinks_about_the_message()
    {
        var running = Steerable();
        running.Do(new Input.Quiet());
        Assert.Empty(running.Endings);

        // This agent answers the first prompt, without a token, when it takes up the next.
        var thinking = Steerable();
        Ends(thinking, 0, 0);
        Assert.Null(thinking.State.Patience);
        thinking.Do(new Input.Quiet());
        Assert.Empty(thinking.Endings);
        Assert.Equal(0, thinking.Count<AgentEvent.MessageUnanswered>());
    }

    [Fact]
    public void An_answer_that_comes_after_it_was_given_up_ends_no_turn()
    {
        var driver = Steerable();
        Ends(driver, 0, 100);
        driver.Do(new Input.Quiet());
        driver.Do(new Input.Say(Talk.Third, "more", SteerMode.Now));

        Ends(driver, 1, 100);

        Assert.Single(driver.Endings);
        Assert.True(driver.State.TurnOpen);
        Assert.Equal([Talk.First], driver.Accepted());
    }

    [Fact]
    public void A_process_that_ends_leaves_the_message_open_since_nobody_knows_whether_it_was_read()
    {
        var driver = Steerable();

        driver.Do(new Input.Exited(137, ""));

        Assert.DoesNotContain(Talk.Second, driver.Accepted());
        Assert.Equal(0, driver.Count<AgentEvent.MessageRefused>());
        Assert.Equal(FailureClass.Killed, Assert.Single(driver.Endings).Class);
        Assert.False(driver.State.TurnOpen);
    }
}
