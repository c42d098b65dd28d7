using Drover.Core;
using Xunit;

namespace Drover.Core.Tests.Runs;

public sealed class ImpasseTests
{
    private static readonly RunPosition s_live = new(RunState.Live, 100, 10);

    [Theory]
    [InlineData(RunState.Starting)]
    [InlineData(RunState.Live)]
    public void Two_failures_far_apart_of_a_run_that_waits_at_one_place_do_not_end_it(RunState state)
    {
        var at = s_live with { State = state };

        Assert.False(After(at, 0, 3600).IsBroken);
        Assert.False(After(at, 0, 1, 3600, 3601, 7200).IsBroken);
    }

    [Fact]
    public void Failures_that_follow_each_other_at_one_place_for_longer_than_the_patience_end_it() =>
        Assert.True(After(s_live, [.. Enumerable.Range(0, 32)]).IsBroken);

    [Fact]
    public void Failures_for_no_longer_than_the_patience_do_not() => Assert.False(After(s_live, [.. Enumerable.Range(0, 31)]).IsBroken);

    [Theory]
    [InlineData(RunState.Preparing)]
    [InlineData(RunState.Stopping)]
    public void A_step_that_takes_long_and_then_fails_every_time_ends_the_run(RunState state) => Assert.True(After(s_live with { State = state }, 0, 60).IsBroken);

    [Fact]
    public void A_run_that_has_got_on_meanwhile_begins_anew()
    {
        var stuck = After(s_live, [.. Enumerable.Range(0, 31)]);

        Assert.False(Impasse.After(stuck, s_live with { Watermark = 101 }, TimeSpan.FromSeconds(31)).IsBroken);
    }

    private static Impasse After(RunPosition at, params int[] seconds) =>
        seconds.Aggregate((Impasse?)null, (before, s) => Impasse.After(before, at, TimeSpan.FromSeconds(s)))!;
}
