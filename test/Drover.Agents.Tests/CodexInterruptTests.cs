using Drover.Core;
using Xunit;
using static Drover.Agents.Tests.CodexLines;

namespace Drover.Agents.Tests;

/// <summary>Codex, interrupted: what the server drops with a turn is given again, once.</summary>
public sealed class CodexInterruptTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void An_interrupt_before_the_turn_has_begun_is_written_when_it_does(int linesBefore)
    {
        var driver = CodexLines.Driver(sandboxed: true);
        driver.Do(new Input.Prompt(Talk.First, "go"));
        string[] lines = [CodexLines.Result(Last(driver, "turn/start"), """{"turn":{"id":"t-1"}}"""), CodexLines.Started("t-1")];

        foreach (var line in lines[..linesBefore]) driver.Line(line);
        driver.Do(new Input.Interrupt());
        driver.Do(new Input.Interrupt());
        Assert.False(driver.AskedToInterrupt());
        foreach (var line in lines[linesBefore..]) driver.Line(line);

        Assert.Equal("t-1", (string)driver.Frames.Single(f => (string?)f["method"] == "turn/interrupt")["params"]!["turnId"]!);
        driver.Line(CodexLines.Completed("t-1", "interrupted"));
        Assert.Equal(TurnEnding.Succeeded with { Outcome = Outcome.Interrupted, Reason = "the turn was interrupted" }, Assert.Single(driver.Endings));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_message_whose_turn_was_interrupted_before_it_was_read_opens_the_next_turn_and_is_accepted_once(bool answeredBeforeTheEnd)
    {
        var driver = CodexLines.Driver(sandboxed: true);
        driver.Do(new Input.Prompt(Talk.First, "go"));
        driver.Do(new Input.Interrupt());
        var start = Last(driver, "turn/start");
        var answer = CodexLines.Result(start, """{"turn":{"id":"t-1"}}""");
        string[] end = [CodexLines.Started("t-1"), CodexLines.Completed("t-1", "interrupted")];

        foreach (var line in answeredBeforeTheEnd ? end.Prepend(answer) : end.Append(answer)) driver.Line(line);

        Assert.Equal(["go", "go"], CodexLines.Starts(driver).Select(CodexLines.Text));
        Assert.Empty(driver.Accepted());
        driver.Works();
        driver.Ends();
        Assert.Equal([Talk.First], driver.Accepted());
        Assert.Equal(2, CodexLines.Starts(driver).Count());
        Assert.Equal(1, driver.Count<AgentEvent.MessageWritten>());
        Assert.False(driver.State.TurnOpen);
        Vocabulary.Check(driver.Events);
    }

    [Fact]
    public void What_interrupted_an_unread_message_goes_into_the_turn_of_that_message_and_before_what_waits()
    {
        var driver = CodexLines.Driver(sandboxed: true);
        driver.Do(new Input.Prompt(Talk.First, "go"));
        driver.Do(new Input.Say(Talk.Third, "then this", SteerMode.Next));
        driver.Do(new Input.Say(Talk.Second, "not so", SteerMode.Interrupt));
        driver.Line(CodexLines.Result(Last(driver, "turn/start"), """{"turn":{"id":"t-1"}}"""));
        driver.Line(CodexLines.Started("t-1"));
        driver.Line(CodexLines.Completed("t-1", "interrupted"));

        driver.Works();

        Assert.Equal("go", CodexLines.Text(Last(driver, "turn/start")));
        Assert.Equal("not so", CodexLines.Text(Last(driver, "turn/steer")));
        driver.Line(CodexLines.Shown("t-2", Last(driver, "turn/steer")));
        driver.Line(CodexLines.Completed("t-2", "completed"));
        Assert.Equal("then this", CodexLines.Text(Last(driver, "turn/start")));
        Assert.Equal([Talk.First, Talk.Second], driver.Accepted());
        Vocabulary.Check(driver.Events);
    }

    [Fact]
    public void Of_several_interrupts_the_messages_are_told_in_their_order_in_one_turn()
    {
        var driver = Working();
        driver.Do(new Input.Say(Talk.Second, "not so", SteerMode.Interrupt));
        driver.Do(new Input.Say(Talk.Third, "and not so", SteerMode.Interrupt));

        driver.Line(CodexLines.Completed("t-1", "interrupted"));
        driver.Works();

        Assert.Equal(1, Count(driver, "turn/interrupt"));
        Assert.Equal("not so", CodexLines.Text(Last(driver, "turn/start")));
        Assert.Equal("and not so", CodexLines.Text(Last(driver, "turn/steer")));
    }

    [Theory]
    [InlineData("failed", """{"message":"it broke","codexErrorInfo":"other"}""")]
    [InlineData("completed", "null")]
    public void A_message_that_was_not_shown_is_not_given_again_after_any_other_end(string status, string error)
    {
        var driver = CodexLines.Driver(sandboxed: true);
        driver.Do(new Input.Prompt(Talk.First, "go"));
        driver.Line(CodexLines.Result(Last(driver, "turn/start"), """{"turn":{"id":"t-1"}}"""));
        driver.Line(CodexLines.Started("t-1"));

        driver.Line(CodexLines.Completed("t-1", status, error));

        Assert.Equal(1, Count(driver, "turn/start"));
        Assert.Equal([Talk.First], driver.Accepted());
        Assert.False(driver.State.TurnOpen);
    }

    [Fact]
    public void A_message_that_is_refused_after_its_turn_was_interrupted_holds_nothing_up()
    {
        var driver = CodexLines.Driver(sandboxed: true);
        driver.Do(new Input.Prompt(Talk.First, "go"));
        var start = Last(driver, "turn/start");
        driver.Do(new Input.Say(Talk.Second, "not so", SteerMode.Interrupt));
        driver.Line(CodexLines.Started("t-1"));
        driver.Line(CodexLines.Completed("t-1", "interrupted"));
        Assert.Equal(1, Count(driver, "turn/start"));

        driver.Line(CodexLines.Error(start, "busy"));

        Assert.Equal(Talk.First, Assert.Single(driver.Events.OfType<AgentEvent.MessageRefused>()).Message);
        Assert.Equal("not so", CodexLines.Text(Last(driver, "turn/start")));
        Assert.Single(driver.Endings);
    }

    [Fact]
    public void An_unread_message_is_refused_when_the_agent_is_being_ended()
    {
        var driver = CodexLines.Driver(sandboxed: true);
        driver.Do(new Input.Prompt(Talk.First, "go"));
        driver.Line(CodexLines.Result(Last(driver, "turn/start"), """{"turn":{"id":"t-1"}}"""));
        driver.Line(CodexLines.Started("t-1"));
        driver.Do(new Input.Interrupt());
        driver.Do(new Input.Finish());

        driver.Line(CodexLines.Completed("t-1", "interrupted"));

        Assert.Equal(1, Count(driver, "turn/start"));
        Assert.Equal(Talk.First, Assert.Single(driver.Events.OfType<AgentEvent.MessageRefused>()).Message);
        Assert.False(driver.State.TurnOpen);
    }

    [Fact]
    public void An_interrupt_that_comes_after_the_end_changes_nothing()
    {
        var driver = Working();
        driver.Do(new Input.Interrupt());
        driver.Line(CodexLines.Completed("t-1", "completed"));

        driver.Line(CodexLines.Error(Last(driver, "turn/interrupt"), "no active turn to interrupt"));

        Assert.Equal([TurnEnding.Succeeded], driver.Endings);
        Assert.False(driver.State.TurnOpen);
    }

    [Fact]
    public void A_refused_interrupt_can_be_asked_for_again()
    {
        var driver = Working();
        driver.Do(new Input.Interrupt());
        driver.Line(CodexLines.Error(Last(driver, "turn/interrupt"), "busy"));

        driver.Do(new Input.Interrupt());

        Assert.Equal(2, Count(driver, "turn/interrupt"));
    }

    [Fact]
    public void Commands_that_outlive_an_interrupted_turn_are_ended()
    {
        var driver = Working();
        driver.Line(CodexLines.Item("started", "t-1", """{"type":"commandExecution","id":"c","command":"/bin/bash -lc 'sleep 1000'","status":"inProgress"}"""));
        driver.Do(new Input.Say(Talk.Second, "instead", SteerMode.Interrupt));

        driver.Line(CodexLines.Completed("t-1", "interrupted"));

        Assert.Equal(["turn/interrupt", "thread/backgroundTerminals/clean", "turn/start"], driver.Frames.Skip(1).Select(f => (string)f["method"]!));
        driver.Line(CodexLines.Item("completed", "t-1", """{"type":"commandExecution","id":"c","status":"failed","aggregatedOutput":"","exitCode":-1}"""));
        Assert.True(Assert.Single(driver.Events.OfType<AgentEvent.ToolReturned>()).IsError);
    }
}
