using System.Text.Json.Nodes;
using Drover.Core;
using Xunit;

namespace Drover.Agents.Tests;

public sealed class PiInterruptTests
{
    [Fact]
    public void An_interrupt_while_it_waits_to_try_again_ends_the_turn_as_interrupted()
    {
        var driver = PiTalk.Prompted();
        driver.Stops("error", "429 slow down");
        driver.Line("""{"type":"auto_retry_start","attempt":1,"maxAttempts":3,"delayMs":2000,"errorMessage":"429 slow down"}""");
        driver.Tells();

        driver.Do(new Input.Interrupt());
        driver.Line("""{"type":"auto_retry_end","success":false,"attempt":1,"finalError":"Retry cancelled"}""");
        driver.Tells();

        Assert.Equal(Outcome.Interrupted, Assert.Single(driver.Endings).Outcome);
    }

    [Fact]
    public void What_the_agent_holds_back_when_its_turn_is_interrupted_is_taken_from_it_and_written_once_more()
    {
        var driver = PiTalk.Prompted();
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
        var driver = PiTalk.Prompted();
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
        var driver = PiTalk.Prompted();
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

    private static int Aborts(Driver driver) => driver.Frames.Count(f => (string?)f["type"] == "abort");
}
