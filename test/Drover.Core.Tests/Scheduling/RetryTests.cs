using Xunit;

namespace Drover.Core.Tests.Scheduling;

public sealed class RetryTests
{
    private static readonly DateTimeOffset Ended = new(2026, 11, 20, 22, 0, 0, TimeSpan.Zero);
    private static readonly Principal Agent = new(PrincipalKind.Run, "agent");

    private static Ending Failed(FailureClass cause, TimeSpan? reset = null) => new(Outcome.Failed, cause, "why", Agent) { ResetsAt = Ended + reset };

    private static RetryDecision Of(Ending ending, int retries = 0) => RetryRules.Of(ending, retries, Ended, RetryLimits.Usual);

    [Fact]
    public void The_delay_doubles_up_to_half_an_hour_and_the_number_is_bounded()
    {
        Assert.Equal([30, 60, 120], Enumerable.Range(0, 3).Select(n => (Assert.IsType<RetryDecision.Again>(Of(Failed(FailureClass.Crashed), n)).At - Ended).TotalSeconds));
        Assert.Contains("3 times", Assert.IsType<RetryDecision.Block>(Of(Failed(FailureClass.Crashed), 3)).Why, StringComparison.Ordinal);
        var patient = new RetryLimits(100, TimeSpan.FromSeconds(30));
        Assert.Equal(TimeSpan.FromMinutes(30), Assert.IsType<RetryDecision.Again>(RetryRules.Of(Failed(FailureClass.Crashed), 99, Ended, patient)).At - Ended);
        Assert.IsType<RetryDecision.Block>(RetryRules.Of(Failed(FailureClass.Crashed), 0, Ended, new(0, TimeSpan.FromSeconds(1))));
    }

    [Fact]
    public void A_vendors_limit_is_waited_for_and_uses_up_no_retry()
    {
        var again = Assert.IsType<RetryDecision.Again>(Of(Failed(FailureClass.UsageLimit, TimeSpan.FromHours(5)), retries: 3));
        Assert.Equal((Ended.AddHours(5), false), (again.At, again.Counts));
        Assert.True(Assert.IsType<RetryDecision.Again>(Of(Failed(FailureClass.UsageLimit))).Counts);
        Assert.True(Assert.IsType<RetryDecision.Again>(Of(Failed(FailureClass.UsageLimit, TimeSpan.FromHours(-1)))).Counts);
    }

    [Fact]
    public void What_another_try_does_not_mend_blocks_and_says_what_does()
    {
        foreach (var cause in (FailureClass[])[FailureClass.Auth, FailureClass.MaxTurns, FailureClass.Budget, FailureClass.Refused])
            Assert.NotEmpty(Assert.IsType<RetryDecision.Block>(Of(Failed(cause))).Why);
        foreach (var ended in (Outcome[])[Outcome.Stopped, Outcome.Interrupted])
            Assert.IsType<RetryDecision.Block>(Of(new(ended, null, "why", Agent)));
        Assert.IsType<RetryDecision.Again>(Of(new(Outcome.Lost, null, "another boot", Agent)));
    }

    [Fact]
    public void A_conversation_that_is_itself_at_fault_is_not_gone_on_with() =>
        Assert.Equal([FailureClass.Context, FailureClass.Protocol], Enum.GetValues<FailureClass>().Where(c => Of(Failed(c)) is RetryDecision.Again { Fresh: true }));
}
