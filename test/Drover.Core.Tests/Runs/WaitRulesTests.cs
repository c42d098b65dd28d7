using Xunit;

namespace Drover.Core.Tests.Runs;

public sealed class WaitRulesTests
{
    private static readonly DateTimeOffset Ended = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Patience Fresh = new(0, TimeSpan.Zero, TimeSpan.FromHours(6));

    private static readonly RunFacts Cut = new()
    {
        Role = Role.Coder,
        State = RunState.Live,
        HasWorktree = true,
        LastTurn = Failed(FailureClass.Overloaded),
        LastTurnAt = Ended,
        Patience = Fresh,
        Now = Ended,
    };

    [Theory]
    [InlineData(FailureClass.RateLimit)]
    [InlineData(FailureClass.Overloaded)]
    [InlineData(FailureClass.Connection)]
    public void What_passes_by_itself_is_waited_for_longer_each_time_up_to_a_bound(FailureClass cause)
    {
        var waits = Enumerable.Range(0, 12).Select(n => Until(Failed(cause), Fresh with { InARow = n }) - Ended).ToList();

        Assert.Equal([5, 10, 20, 40, 80, 160, 320, 600, 600, 600, 600, 600], waits.Select(w => w.TotalSeconds));
    }

    [Fact]
    public void The_time_that_the_vendor_names_is_the_time_and_when_it_was_wrong_the_wait_grows_all_the_same()
    {
        var turn = Failed(FailureClass.UsageLimit, Ended.AddSeconds(2));

        Assert.Equal(Ended.AddSeconds(2), Until(turn, Fresh));
        Assert.Equal(Ended.AddSeconds(40), Until(turn, Fresh with { InARow = 3 }));
        Assert.Equal(Ended.AddHours(5), Until(Failed(FailureClass.RateLimit, Ended.AddHours(5)), Fresh with { InARow = 3 }));
        Assert.Equal(Ended.AddSeconds(5), Until(Failed(FailureClass.UsageLimit, Ended.AddHours(-1)), Fresh));
    }

    [Fact]
    public void Nobody_comes_back_before_the_time_and_not_all_in_the_same_moment()
    {
        var turn = Failed(FailureClass.UsageLimit, Ended.AddHours(1));
        var random = new Random(41);

        var times = Enumerable.Range(0, 100).Select(_ => ((WaitDecision.Until)WaitRules.Of(turn, Ended, Fresh, random.NextDouble())).At).ToList();

        Assert.All(times, t => Assert.InRange(t, Ended.AddHours(1), Ended.AddHours(1) + WaitRules.LongestSpread));
        Assert.True(times.Distinct().Count() > 90);
    }

    [Fact]
    public void All_waiting_together_is_bounded_and_what_is_too_long_is_not_begun()
    {
        Assert.Contains("2026-03-01 19:00 UTC, and limits.wait is 6 h", Refused(Failed(FailureClass.UsageLimit, Ended.AddHours(7)), Fresh), StringComparison.Ordinal);
        Assert.Contains("has waited 6 h", Refused(Failed(FailureClass.Overloaded), Fresh with { Total = TimeSpan.FromHours(6) }), StringComparison.Ordinal);
        Assert.Contains("limits.wait is 0 s", Refused(Failed(FailureClass.Overloaded), Fresh with { Limit = TimeSpan.Zero }), StringComparison.Ordinal);
        Assert.Contains("did not say when", Refused(Failed(FailureClass.UsageLimit), Fresh), StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_the_vendor_says_a_run_gives_up_at_last_and_never_waits_longer_than_it_may()
    {
        var random = new Random(7_340_002);
        for (var run = 0; run < 500; run++)
        {
            var (patience, now) = (Fresh with { Limit = TimeSpan.FromSeconds(random.Next(0, 20_000)) }, Ended);
            for (var n = 0; ; n++)
            {
                var turn = Failed(random.Next(2) == 0 ? FailureClass.RateLimit : FailureClass.UsageLimit, now.AddSeconds(random.Next(-100, 3000)));
                if (WaitRules.Of(turn, now, patience, random.NextDouble()) is not WaitDecision.Until { At: var at }) break;
                Assert.True(at > now && n < 100_000);
                patience = patience with { InARow = patience.InARow + 1, Total = patience.Total + (at - now) };
                now = at;
            }

            Assert.True(patience.Total <= patience.Limit + WaitRules.LongestSpread, $"{patience} in run {run}");
        }
    }

    [Theory]
    [InlineData(FailureClass.Auth)]
    [InlineData(FailureClass.Context)]
    [InlineData(FailureClass.MaxTurns)]
    [InlineData(FailureClass.Budget)]
    [InlineData(FailureClass.Refused)]
    [InlineData(FailureClass.Protocol)]
    [InlineData(FailureClass.Crashed)]
    [InlineData(FailureClass.Killed)]
    [InlineData(FailureClass.Silent)]
    [InlineData(FailureClass.Other)]
    public void What_does_not_pass_ends_the_run_at_once(FailureClass cause)
    {
        Assert.IsType<WaitDecision.Settled>(WaitRules.Of(Failed(cause), Ended, Fresh, 0));
        Assert.Equal(RunAdvice.Finish, RunRules.Advise(Cut with { LastTurn = Failed(cause) }));
        Assert.Equal("why", RunRules.EndingOf(Cut with { LastTurn = Failed(cause) }).Reason);
    }

    [Fact]
    public void A_limit_that_no_waiting_lifts_ends_the_run_at_once() =>
        Assert.Equal(RunAdvice.Finish, RunRules.Advise(Cut with { LastTurn = Failed(FailureClass.UsageLimit, Ended.AddHours(1)) with { Retryable = false } }));

    [Fact]
    public void A_run_waits_until_its_time_and_then_goes_on()
    {
        var waiting = Cut with { WaitingUntil = Ended.AddSeconds(5) };

        Assert.Equal(RunAdvice.Wait, RunRules.Advise(Cut));
        Assert.Equal(RunAdvice.Follow, RunRules.Advise(waiting with { Now = Ended.AddSeconds(4) }));
        Assert.Equal(RunAdvice.GoOn, RunRules.Advise(waiting with { Now = Ended.AddSeconds(5) }));
        Assert.Equal(RunAdvice.Follow, RunRules.Advise(waiting with { Now = Ended.AddSeconds(9), TurnOpen = true }));
        Assert.Equal(RunAdvice.End, RunRules.Advise(waiting with { Stop = new(Principal.Server("test"), "enough") }));
    }

    [Fact]
    public void The_reason_says_why_it_was_not_waited_for()
    {
        Assert.Equal((FailureClass.Overloaded, "why (limits.wait is 0 s)"), (RunRules.EndingOf(Cut with { Patience = Fresh with { Limit = TimeSpan.Zero } }).Class, RunRules.EndingOf(Cut with { Patience = Fresh with { Limit = TimeSpan.Zero } }).Reason));
        Assert.Equal("why (its process ended before it could go on, and it has no conversation)", RunRules.EndingOf(Cut with { CannotResume = "it has no conversation" }).Reason);
    }

    private static DateTimeOffset Until(TurnResult turn, Patience patience) => Assert.IsType<WaitDecision.Until>(WaitRules.Of(turn, Ended, patience, 0)).At;

    private static string Refused(TurnResult turn, Patience patience) => Assert.IsType<WaitDecision.TooLong>(WaitRules.Of(turn, Ended, patience, 0)).Why;

    private static TurnResult Failed(FailureClass cause, DateTimeOffset? resetsAt = null) => new(Outcome.Failed, cause, "why", Retryable: true, resetsAt);
}
