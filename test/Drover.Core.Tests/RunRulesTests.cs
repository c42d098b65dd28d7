using Drover.Core;
using Xunit;

namespace Drover.Core.Tests;

public sealed class RunRulesTests
{
    private static readonly Principal Ada = new(PrincipalKind.Human, "ada");

    private static readonly RunFacts Ended = new()
    {
        Role = Role.Coder,
        State = RunState.Live,
        HasWorktree = true,
        Commits = 1,
        LastTurn = new(Outcome.Succeeded, null, "the turn ended"),
    };

    [Fact]
    public void A_run_goes_on_while_a_turn_a_message_or_a_question_is_open()
    {
        Assert.Equal(RunAdvice.Follow, RunRules.Advise(Ended with { LastTurn = null }));
        Assert.Equal(RunAdvice.Follow, RunRules.Advise(Ended with { TurnOpen = true }));
        Assert.Equal(RunAdvice.Follow, RunRules.Advise(Ended with { OpenSteers = 1 }));
        Assert.Equal(RunAdvice.Follow, RunRules.Advise(Ended with { OpenApprovals = 1 }));
        Assert.Equal(RunAdvice.Finish, RunRules.Advise(Ended));
    }

    [Fact]
    public void Uncommitted_work_is_asked_for_once()
    {
        var dirty = Ended with { DirtyFiles = 3 };

        Assert.Equal(RunAdvice.AskToCommit, RunRules.Advise(dirty));
        Assert.Equal(RunAdvice.Finish, RunRules.Advise(dirty with { CommitAsks = 1 }));
        Assert.Equal(RunAdvice.Finish, RunRules.Advise(dirty with { Role = Role.Reviewer }));
        Assert.Equal(RunAdvice.Finish, RunRules.Advise(dirty with { LastTurn = new(Outcome.Failed, FailureClass.Auth, "401") }));
    }

    [Fact]
    public void A_run_without_a_turn_left_ends_as_ever_when_nothing_is_left_to_be_said_and_for_that_when_something_is()
    {
        var spent = Ended with { Turns = 2, MostTurns = 2 };
        var withheld = spent with { OpenSteers = 2, WithheldSteers = 2 };
        var limited = spent with { LastTurn = new(Outcome.Failed, FailureClass.RateLimit, "429", Retryable: true), Patience = new(0, TimeSpan.Zero, TimeSpan.FromHours(6)) };

        Assert.Equal(RunAdvice.Finish, RunRules.Advise(spent));
        Assert.Equal(Outcome.Succeeded, RunRules.EndingOf(spent).Outcome);
        Assert.Equal(RunAdvice.Follow, RunRules.Advise(spent with { TurnOpen = true }));
        Assert.Equal(RunAdvice.OutOfTurns, RunRules.Advise(withheld));
        Assert.Equal(RunAdvice.Follow, RunRules.Advise(withheld with { OpenSteers = 3 }));
        Assert.Equal(RunAdvice.OutOfTurns, RunRules.Advise(spent with { DirtyFiles = 1 }));
        Assert.Equal(RunAdvice.Finish, RunRules.Advise(spent with { DirtyFiles = 1, CommitAsks = 1 }));
        Assert.Equal(RunAdvice.AskToCommit, RunRules.Advise(spent with { DirtyFiles = 1, MostTurns = 3 }));
        Assert.Equal((RunAdvice.Finish, RunAdvice.Wait), (RunRules.Advise(limited), RunRules.Advise(limited with { MostTurns = null })));
        Assert.Equal(FailureClass.RateLimit, RunRules.EndingOf(limited).Class);
        Assert.EndsWith("(there is no turn left to go on in: limits.turns is 2)", RunRules.EndingOf(limited).Reason, StringComparison.Ordinal);
        Assert.Equal(new Fault(Outcome.Failed, FailureClass.MaxTurns, "2 messages were still to be said, and no turn is left: limits.turns is 2"), TurnRules.OutOfTurns(withheld));
        Assert.Equal((FailureClass.Auth, "401; a message was still to be said, and no turn is left: limits.turns is 2"),
            TurnRules.OutOfTurns(withheld with { WithheldSteers = 1, LastTurn = new(Outcome.Failed, FailureClass.Auth, "401") }) is var fault ? (fault.Class, fault.Reason) : default);
    }

    [Theory]
    [InlineData(0, 0, null, true)]
    [InlineData(900, 9, null, true)]
    [InlineData(0, 0, 1, false)]
    [InlineData(1, 0, 1, false)]
    [InlineData(1, 0, 2, true)]
    [InlineData(1, 1, 2, false)]
    [InlineData(2, 0, 2, false)]
    [InlineData(3, 0, 2, false)]
    public void Each_message_that_is_under_way_may_take_a_turn(int begun, int promised, int? most, bool hasRoom) => Assert.Equal(hasRoom, TurnRules.HasRoom(begun, promised, most));

    [Fact]
    public void A_stop_or_a_fault_ends_it_at_once()
    {
        Assert.Equal(RunAdvice.End, RunRules.Advise(Ended with { TurnOpen = true, Stop = new(Ada, "enough") }));
        Assert.Equal(RunAdvice.End, RunRules.Advise(Ended with { TurnOpen = true, Fault = new(Outcome.Failed, FailureClass.Silent, "silent") }));
    }

    [Fact]
    public void Every_ending_has_a_reason_and_an_actor()
    {
        Assert.Equal(new Ending(Outcome.Stopped, null, "enough", Ada), RunRules.EndingOf(Ended with { Stop = new(Ada, "enough") }));
        Assert.Equal(Outcome.Lost, RunRules.EndingOf(Ended with { Stop = new(Ada, "x"), Fault = new(Outcome.Lost, null, "gone") }).Outcome);
        Assert.Equal(FailureClass.NoCommits, RunRules.EndingOf(Ended with { Commits = 0 }).Class);
        Assert.Equal(FailureClass.Other, RunRules.EndingOf(Ended with { Commits = null }).Class);
        Assert.Equal(Outcome.Succeeded, RunRules.EndingOf(Ended with { Commits = 0, Role = Role.Reviewer }).Outcome);
        Assert.Equal(Outcome.Succeeded, RunRules.EndingOf(Ended with { Commits = 0, HasWorktree = false }).Outcome);
        Assert.Equal(FailureClass.Crashed, RunRules.EndingOf(Ended with { LastTurn = null }).Class);
        Assert.Equal(Outcome.Succeeded, RunRules.EndingOf(Ended).Outcome);
    }
}
