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
