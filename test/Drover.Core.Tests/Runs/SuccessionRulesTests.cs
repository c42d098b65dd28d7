using Xunit;

namespace Drover.Core.Tests.Runs;

public sealed class SuccessionRulesTests
{
    private static readonly DateTimeOffset Ended = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The process took up its prompt and ended over what passes.</summary>
    private static readonly RunFacts Cut = new()
    {
        Role = Role.Coder,
        State = RunState.Stopping,
        HasWorktree = true,
        Accepted = true,
        LastTurn = new(Outcome.Failed, FailureClass.RateLimit, "429", Retryable: true),
        LastTurnAt = Ended,
        Patience = new(0, TimeSpan.Zero, TimeSpan.FromHours(6)),
    };

    /// <summary>The process was to go on with a conversation and did not take up its prompt.</summary>
    private static readonly RunFacts Untaken = Cut with { Accepted = false, Resumes = true, LastTurn = new(Outcome.Failed, FailureClass.Other, "No conversation found") };

    [Theory]
    [InlineData(FailureClass.RateLimit)]
    [InlineData(FailureClass.Overloaded)]
    [InlineData(FailureClass.Connection)]
    public void A_process_that_ended_over_what_passes_is_followed_by_one_with_the_same_conversation(FailureClass cause)
    {
        var cut = Cut with { LastTurn = Cut.LastTurn! with { Class = cause } };

        Assert.Equal(Successor.SameConversation, SuccessionRules.Of(cut));
        Assert.Equal(Successor.SameConversation, SuccessionRules.Of(cut with { Accepted = false, Resumes = true }));
        Assert.Null(SuccessionRules.Of(cut with { CannotResume = "it cannot" }));
        Assert.Null(SuccessionRules.Of(cut with { CannotResume = "it cannot", Accepted = false, Resumes = true }));
    }

    [Fact]
    public void A_usage_limit_is_waited_for_only_with_its_reset()
    {
        var limited = Cut with { LastTurn = Cut.LastTurn! with { Class = FailureClass.UsageLimit } };

        Assert.Null(SuccessionRules.Of(limited));
        Assert.Equal(Successor.SameConversation, SuccessionRules.Of(limited with { LastTurn = limited.LastTurn with { ResetsAt = Ended.AddHours(1) } }));
        Assert.Null(SuccessionRules.Of(limited with { LastTurn = limited.LastTurn with { ResetsAt = Ended.AddHours(7) } }));
    }

    [Fact]
    public void Processes_follow_one_another_until_the_run_has_waited_as_long_as_it_may()
    {
        Assert.Equal(Successor.SameConversation, SuccessionRules.Of(Cut with { Patience = new(3, TimeSpan.FromHours(5), TimeSpan.FromHours(6)) }));
        Assert.Null(SuccessionRules.Of(Cut with { Patience = new(30, TimeSpan.FromHours(5.9), TimeSpan.FromHours(6)) }));
        Assert.Null(SuccessionRules.Of(Cut with { Patience = new(0, TimeSpan.Zero, TimeSpan.Zero) }));
        Assert.Equal(Successor.SameConversation, SuccessionRules.Of(Cut with { Turns = 2, MostTurns = 3 }));
        Assert.Null(SuccessionRules.Of(Cut with { Turns = 3, MostTurns = 3 }));
    }

    [Fact]
    public void A_process_that_never_took_up_the_prompt_of_its_resumption_is_followed_by_one_with_a_fresh_conversation()
    {
        Assert.Equal(Successor.FreshConversation, SuccessionRules.Of(Untaken));
        Assert.Equal(Successor.FreshConversation, SuccessionRules.Of(Untaken with { CannotResume = "it cannot" }));
        Assert.Null(SuccessionRules.Of(Untaken with { Resumes = false }));
        Assert.Null(SuccessionRules.Of(Untaken with { Accepted = true }));
        Assert.All((FailureClass[])[FailureClass.Auth, FailureClass.UsageLimit, FailureClass.Connection, FailureClass.Killed],
            c => Assert.Null(SuccessionRules.Of(Untaken with { LastTurn = new(Outcome.Failed, c, "x") })));
    }

    [Fact]
    public void A_turn_that_the_agent_never_began_does_not_hide_over_what_its_process_ended()
    {
        var crashed = new TurnResult(Outcome.Failed, FailureClass.Crashed, "exited with 1", Retryable: true);

        Assert.True(SuccessionRules.IsOwed(crashed, Cut.LastTurn!));
        Assert.True(SuccessionRules.IsOwed(crashed with { Class = FailureClass.Killed }, Cut.LastTurn!));
        Assert.False(SuccessionRules.IsOwed(crashed with { Class = FailureClass.Auth }, Cut.LastTurn!));
        Assert.False(SuccessionRules.IsOwed(crashed, new(Outcome.Succeeded, null, "done")));
        Assert.False(SuccessionRules.IsOwed(crashed, Untaken.LastTurn!));
    }

    [Fact]
    public void Nothing_follows_when_the_run_is_to_end_or_has_done_its_work()
    {
        foreach (var facts in (RunFacts[])[Cut, Untaken])
        {
            Assert.Null(SuccessionRules.Of(facts with { Stop = new(Principal.Server("test"), "enough") }));
            Assert.Null(SuccessionRules.Of(facts with { Fault = new(Outcome.Lost, null, "gone") }));
            Assert.Null(SuccessionRules.Of(facts with { LastTurn = null }));
            Assert.Null(SuccessionRules.Of(facts with { LastTurn = new(Outcome.Succeeded, null, "done") }));
            Assert.Null(SuccessionRules.Of(facts with { LastTurn = new(Outcome.Interrupted, null, "interrupted") }));
        }
    }
}
