using Drover.Core;
using Xunit;

namespace Drover.Agents.Tests;

public sealed class PiSteeringTests
{
    [Fact]
    public void Making_the_history_shorter_belongs_to_the_turn_and_messages_wait_for_it()
    {
        var driver = PiTalk.Prompted();
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
        var driver = PiTalk.Prompted();
        driver.Do(new Input.Say(Talk.Second, "use tabs", SteerMode.Now));
        driver.Acknowledges(driver.Messages()[^1]);
        Assert.Equal([Talk.First], driver.Accepted());

        driver.Reads("use tabs");

        Assert.Equal([Talk.First, Talk.Second], driver.Accepted());
    }

    [Fact]
    public void Of_several_messages_for_now_one_at_a_time_is_under_way()
    {
        var driver = PiTalk.Prompted();
        driver.Do(new Input.Say(Talk.Second, "one", SteerMode.Now));
        driver.Do(new Input.Say(Talk.Third, "two", SteerMode.Now));
        Assert.Equal(["go", "one"], driver.Written());

        driver.Acknowledges(driver.Messages()[^1]);

        Assert.Equal(["go", "one", "two"], driver.Written());
    }

    [Fact]
    public void A_message_for_now_that_came_as_the_run_ended_opens_the_next_turn()
    {
        var driver = PiTalk.Prompted();
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
}
