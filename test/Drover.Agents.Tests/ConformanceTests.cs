using Drover.Core;
using Xunit;

namespace Drover.Agents.Tests;

/// <summary>What the run loop may rely on, whatever the vendor.</summary>
public sealed class ConformanceTests
{
    /// <summary>Those that hold a conversation.</summary>
    public static TheoryData<string> Names => [.. Adapters.All.Where(a => !a.Capabilities.TakesOnePrompt).Select(a => a.Name)];

    private static Driver Ready(string name) => name switch
    {
        "claude" => Talk.Claude(sandboxed: true),
        "codex" => CodexLines.Driver(sandboxed: true),
        "pi" => Talk.Pi(),
        _ => Talk.Acp(sandboxed: true),
    };

    [Theory, MemberData(nameof(Names))]
    public void A_prompt_is_written_accepted_once_and_its_turn_ends(string name)
    {
        var driver = Ready(name);

        driver.Do(new Input.Prompt(Talk.First, "go"));
        Assert.True(driver.State.TurnOpen);
        Assert.Equal(["go"], driver.Written());
        driver.Works();
        driver.Ends();

        Assert.False(driver.State.TurnOpen);
        Assert.Equal([Talk.First], driver.Accepted());
        Assert.Equal([TurnEnding.Succeeded], driver.Endings);
        Vocabulary.Check(driver.Events);
    }

    [Theory, MemberData(nameof(Names))]
    public void A_prompt_before_the_handshake_waits_for_it(string name)
    {
        var driver = new Driver(Adapters.Find(name)!);
        driver.Do(new Input.Begin());

        driver.Do(new Input.Prompt(Talk.First, "go"));

        Assert.Empty(driver.Written());
        Assert.True(driver.State.TurnOpen);
        if (name == "claude") driver.Line("""{"type":"control_response","response":{"subtype":"success","request_id":"drover-hello","response":{}}}""");
        else if (name == "codex") CodexLines.Open(driver);
        else if (name == "pi") driver.Line(PiTalk.Hello);
        else
        {
            driver.Line("""{"id":1,"result":{"protocolVersion":1}}""");
            driver.Line("""{"id":2,"result":{"sessionId":"s-1"}}""");
        }

        Assert.Equal(["go"], driver.Written());
        Assert.Equal(1, driver.Count<AgentEvent.HandshakeAnswered>());
        Assert.Equal(Talk.First, Assert.Single(driver.Events.OfType<AgentEvent.MessageWritten>()).Message);
    }

    [Theory, MemberData(nameof(Names)), Trait("row", "K15")]
    public void Messages_for_later_wait_for_the_end_of_the_turn_and_come_one_for_each_turn(string name)
    {
        var driver = Ready(name);
        driver.Do(new Input.Prompt(Talk.First, "go"));
        driver.Works();

        driver.Do(new Input.Say(Talk.Second, "then this", SteerMode.Next));
        driver.Do(new Input.Say(Talk.Third, "then that", SteerMode.Next));
        Assert.Equal(["go"], driver.Written());

        driver.Ends();
        Assert.Equal(["go", "then this"], driver.Written());
        Assert.True(driver.State.TurnOpen);
        driver.Works();
        driver.Ends();
        Assert.Equal(["go", "then this", "then that"], driver.Written());
        driver.Works();
        driver.Ends();

        Assert.False(driver.State.TurnOpen);
        Assert.Equal([Talk.First, Talk.Second, Talk.Third], driver.Accepted());
        Vocabulary.Check(driver.Events);
    }

    [Theory, MemberData(nameof(Names)), Trait("row", "K15")]
    public void A_message_for_now_goes_into_the_turn_where_the_protocol_can_and_else_waits(string name)
    {
        var driver = Ready(name);
        driver.Do(new Input.Prompt(Talk.First, "go"));
        driver.Works();

        driver.Do(new Input.Say(Talk.Second, "use tabs", SteerMode.Now));

        Assert.Equal(driver.Adapter.Capabilities.SaysInsideTurn ? ["go", "use tabs"] : ["go"], driver.Written());
        Assert.DoesNotContain(Talk.Second, driver.Accepted());
        driver.Ends();
        Assert.Equal(["go", "use tabs"], driver.Written());
        Assert.True(driver.State.TurnOpen);
    }

    [Theory, MemberData(nameof(Names))]
    public void An_interrupting_message_ends_the_turn_first_and_overtakes_those_that_wait(string name)
    {
        var driver = Ready(name);
        driver.Do(new Input.Prompt(Talk.First, "go"));
        driver.Works();
        driver.Do(new Input.Say(Talk.Second, "later", SteerMode.Next));

        driver.Do(new Input.Say(Talk.Third, "stop, do this", SteerMode.Interrupt));

        Assert.True(driver.AskedToInterrupt());
        Assert.Equal(["go"], driver.Written());
        driver.Aborts();
        Assert.Equal(["go", "stop, do this"], driver.Written());
        Assert.Equal(Outcome.Interrupted, Assert.Single(driver.Endings).Outcome);
        driver.Works();
        driver.Ends();
        Assert.Equal(["go", "stop, do this", "later"], driver.Written());
    }

    [Theory, MemberData(nameof(Names))]
    public void An_interrupt_without_a_turn_does_nothing(string name)
    {
        var driver = Ready(name);

        driver.Do(new Input.Interrupt());
        driver.Do(new Input.Say(Talk.First, "go", SteerMode.Interrupt));

        Assert.False(driver.AskedToInterrupt());
        Assert.Equal(["go"], driver.Written());
    }

    [Theory, MemberData(nameof(Names))]
    public void A_message_after_the_end_is_refused(string name)
    {
        var finished = Ready(name);
        finished.Do(new Input.Finish());
        finished.Do(new Input.Say(Talk.First, "too late", SteerMode.Now));
        var exited = Ready(name);
        exited.Do(new Input.Exited(0, ""));
        exited.Do(new Input.Prompt(Talk.First, "too late"));

        foreach (var driver in new[] { finished, exited })
        {
            Assert.Equal(Talk.First, Assert.IsType<AgentEvent.MessageRefused>(Assert.Single(driver.Events)).Message);
            Assert.Empty(driver.Frames);
            Assert.False(driver.State.TurnOpen);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Of_messages_given_to_a_process_that_ends_the_held_are_refused_and_the_written_are_left_open(string name)
    {
        var driver = Ready(name);
        driver.Do(new Input.Prompt(Talk.First, "written"));
        driver.Do(new Input.Say(Talk.Second, "held", SteerMode.Next));

        driver.Do(new Input.Exited(137, ""));

        Assert.Equal(Talk.Second, Assert.Single(driver.Events.OfType<AgentEvent.MessageRefused>()).Message);
        Assert.Empty(driver.Accepted());
        Assert.Equal(FailureClass.Killed, Assert.Single(driver.Endings).Class);
    }

    [Theory, MemberData(nameof(Names))]
    public void Finishing_closes_the_input_once(string name)
    {
        var driver = Ready(name);

        Assert.True(driver.Do(new Input.Finish()).EndInput);
        Assert.False(driver.Do(new Input.Finish()).EndInput);
        driver.Do(new Input.Interrupt());
        driver.Do(new Input.Answer("0", Allow: true, null));
        driver.Do(new Input.Exited(0, ""));

        Assert.Empty(driver.Events);
        Assert.Empty(driver.Frames);
    }

    [Theory, MemberData(nameof(Names))]
    public void A_process_that_never_answers_the_handshake_has_failed_once(string name)
    {
        var driver = new Driver(Adapters.Find(name)!);
        driver.Do(new Input.Begin());
        driver.Do(new Input.Prompt(Talk.First, "go"));

        driver.Do(new Input.Exited(1, "cannot start"));
        driver.Do(new Input.Exited(1, "cannot start"));

        Assert.Equal(FailureClass.Crashed, Assert.Single(driver.Endings).Class);
        Assert.Equal(1, driver.Count<AgentEvent.MessageRefused>());
    }

    [Theory, MemberData(nameof(Names))]
    public void The_same_inputs_always_give_the_same_outputs(string name)
    {
        string[] outputs = [.. Enumerable.Range(0, 2).Select(_ =>
        {
            var driver = Ready(name);
            driver.Do(new Input.Prompt(Talk.First, "go"));
            driver.Works();
            driver.Do(new Input.Say(Talk.Second, "x", SteerMode.Interrupt));
            driver.Aborts();
            driver.Do(new Input.Exited(1, ""));
            return string.Join('\n', driver.Events.Select(EventText.Of).Concat(driver.Frames.Select(f => f.ToJsonString())))
                + driver.Adapter.Save(driver.State).Json;
        })];

        Assert.Equal(outputs[0], outputs[1]);
    }

    [Theory, MemberData(nameof(Names))]
    public void Applying_an_input_leaves_the_state_it_was_given_as_it_was(string name)
    {
        var driver = Ready(name);
        driver.Do(new Input.Prompt(Talk.First, "go"));
        var (before, saved) = (driver.State, driver.Adapter.Save(driver.State));

        driver.Works();
        driver.Do(new Input.Say(Talk.Second, "x", SteerMode.Now));
        driver.Ends();

        Assert.Equal(saved, driver.Adapter.Save(before));
    }

    [Theory, MemberData(nameof(Names))]
    public void A_checkpoint_of_an_unknown_version_or_a_broken_one_is_refused(string name)
    {
        var driver = Ready(name);
        var checkpoint = driver.Adapter.Save(driver.State);

        Assert.StartsWith($"{name}/", checkpoint.Version);
        Assert.NotNull(driver.Adapter.Load(checkpoint));
        Assert.Null(driver.Adapter.Load(checkpoint with { Version = $"{name}/0" }));
        Assert.Null(driver.Adapter.Load(checkpoint with { Json = checkpoint.Json[..^1] }));
    }

    [Theory, MemberData(nameof(Names))]
    public void A_message_may_hold_anything(string name)
    {
        var driver = Ready(name);
        var text = "'; rm -rf / #\n\u0000\u2028\"\\ 🐑 \ud800 " + new string('x', 1_000_000);

        driver.Do(new Input.Prompt(Talk.First, text));

        Assert.Equal([text.Replace("\ud800", "\ufffd")], driver.Written());
    }

    [Fact]
    public void An_adapter_is_found_by_its_name()
    {
        Assert.Equal("claude", Adapters.Find("claude")?.Name);
        Assert.Equal("codex", Adapters.Find("codex")?.Name);
        Assert.Equal("acp", Adapters.Find("acp")?.Name);
        Assert.Null(Adapters.Find("nobody"));
    }
}
