using Drover.Core;
using Xunit;

namespace Drover.Core.Tests;

public sealed class DeadlinesTests
{
    private static readonly TimeLimits Limits = new(Seconds(300), Seconds(3600), Seconds(14400));

    private static readonly Deadlines Turn = Deadlines.Begin.TurnBegan();

    [Fact]
    public void Silence_in_a_turn_is_idle_and_any_sign_of_life_begins_it_anew()
    {
        Assert.Null(Judge(Turn.Pass(Seconds(300))));
        Assert.Equal(new Overrun(TimeLimit.Idle, Seconds(301), Limits.Idle), Judge(Turn.Pass(Seconds(301))));
        Assert.Null(Judge(Turn.Pass(Seconds(299)).Sign().Pass(Seconds(299))));
    }

    [Fact]
    public void Half_of_what_is_allowed_is_a_warning_and_none_before_the_output_is_read()
    {
        Assert.Null(Turn.Pass(Seconds(150)).Warn(Limits, SpoolPosition.AtEnd));
        Assert.Equal((TimeLimit.Idle, Seconds(151)), Turn.Pass(Seconds(151)).Warn(Limits, SpoolPosition.AtEnd) is { } idle ? (idle.Limit, idle.Spent) : default);
        Assert.Equal(TimeLimit.Tool, Turn.ToolCalled("a").Pass(Seconds(1801)).Warn(Limits, SpoolPosition.AtEnd)?.Limit);
        Assert.Null(Turn.Pass(Seconds(151)).Warn(Limits, SpoolPosition.Behind));
        Assert.Null(Turn.TurnEnded().Pass(Seconds(20_000)).Warn(Limits, SpoolPosition.AtEnd));
    }

    [Fact]
    public void Between_turns_silence_is_rest() => Assert.Null(Judge(Turn.TurnEnded().Pass(Seconds(10_000))));

    [Fact]
    public void The_time_before_a_turn_is_not_counted_as_its_silence() =>
        Assert.Null(Judge(Deadlines.Begin.Pass(Seconds(10_000)).TurnBegan().Pass(Seconds(299))));

    [Fact]
    public void While_a_tool_call_is_open_its_own_limit_counts_and_not_idle()
    {
        var inTool = Turn.ToolCalled("a");

        Assert.Null(Judge(inTool.Pass(Seconds(3600))));
        Assert.Equal(TimeLimit.Tool, Judge(inTool.Pass(Seconds(3601)))?.Limit);
        Assert.Null(Judge(inTool.Pass(Seconds(3000)).ToolReturned("a").Pass(Seconds(299))));
        Assert.Equal(TimeLimit.Idle, Judge(inTool.Pass(Seconds(3000)).ToolReturned("a").Pass(Seconds(301)))?.Limit);
    }

    [Fact]
    public void Of_several_open_calls_the_longest_is_judged_and_output_does_not_extend_it()
    {
        var two = Turn.ToolCalled("a").Pass(Seconds(2000)).ToolCalled("b").Pass(Seconds(1000)).Sign();

        Assert.Equal(Seconds(3700), Judge(two.Pass(Seconds(700)))?.Spent);
        Assert.Null(Judge(two.ToolReturned("a").Pass(Seconds(700))));
    }

    [Fact]
    public void A_turns_end_closes_the_calls_that_were_never_answered() =>
        Assert.Null(Judge(Turn.ToolCalled("lost").TurnEnded().TurnBegan().Pass(Seconds(200))));

    [Fact]
    public void Waiting_for_a_human_counts_neither_as_silence_nor_as_a_call()
    {
        var asked = Turn.ToolCalled("a").Pass(Seconds(100)).AnswerAsked().AnswerAsked().Pass(Seconds(8000));

        Assert.Null(Judge(asked));
        Assert.Null(Judge(asked.AnswerGiven().Pass(Seconds(2000))));
        var answered = asked.AnswerGiven().AnswerGiven();
        Assert.Null(Judge(answered.Pass(Seconds(3499))));
        Assert.Equal(Seconds(3601), Judge(answered.Pass(Seconds(3501)))?.Spent);
        Assert.Equal(answered, answered.AnswerGiven());
    }

    [Fact]
    public void A_call_made_while_a_human_is_asked_begins_when_the_answer_comes() =>
        Assert.Equal(Seconds(3601), Judge(Turn.AnswerAsked().Pass(Seconds(500)).ToolCalled("b").Pass(Seconds(5000)).AnswerGiven().Pass(Seconds(3601)))?.Spent);

    [Fact]
    public void The_wall_limit_counts_always_and_comes_first()
    {
        Assert.Equal(TimeLimit.Wall, Judge(Turn.TurnEnded().Pass(Seconds(14401)))?.Limit);
        Assert.Equal(TimeLimit.Wall, Judge(Turn.Pass(Seconds(14401)))?.Limit);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Waiting_for_a_human_does_not_count_for_the_wall_limit_whether_the_answer_or_the_turns_end_closes_it(bool answered)
    {
        var asked = Turn.Pass(Seconds(10_000)).AnswerAsked().Pass(Seconds(50_000));
        Assert.Null(Judge(asked));

        var on = answered ? asked.AnswerGiven().TurnEnded() : asked.TurnEnded();

        Assert.Equal(Seconds(10_000), on.Worked);
        Assert.Null(Judge(on.Pass(Seconds(4400))));
        Assert.Equal((TimeLimit.Wall, Seconds(14_401)), Judge(on.Pass(Seconds(4401))) is { } overrun ? (overrun.Limit, overrun.Spent) : default);
    }

    [Fact]
    public void Nothing_is_judged_before_the_spool_is_read_to_its_end()
    {
        var overdue = Turn.Pass(Seconds(20_000));

        Assert.Null(overdue.Judge(Limits, SpoolPosition.Behind));
        Assert.NotNull(overdue.Judge(Limits, SpoolPosition.AtEnd));
    }

    [Fact]
    public void Downtime_sleep_and_a_server_that_stood_still_extend_every_limit()
    {
        var clock = new WatchClock();

        (clock, var first) = clock.Look(Seconds(1000));
        (clock, var step) = clock.Look(Seconds(1001));
        (clock, var stoodStill) = clock.Look(Seconds(9000));
        (_, var backwards) = clock.Look(Seconds(8000));

        Assert.Equal([TimeSpan.Zero, Seconds(1), WatchClock.LongestStep, TimeSpan.Zero], [first, step, stoodStill, backwards]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Stops_of_the_server_never_bring_a_limit_forward(int seed)
    {
        var random = new Random(seed);
        var clock = new WatchClock();
        var (run, awake, real) = (Turn, TimeSpan.Zero, TimeSpan.Zero);
        while (Judge(run) is null)
        {
            var step = Seconds(random.Next(1, 5));
            (awake, real) = (awake + step, real + step);
            if (random.Next(20) == 0) (clock, awake) = (new WatchClock(), awake + Seconds(random.Next(10_000)));
            (clock, var watched) = clock.Look(awake);
            Assert.InRange(watched, TimeSpan.Zero, WatchClock.LongestStep);
            run = run.Pass(watched);
        }

        Assert.True(real >= Limits.Idle, $"seed {seed}: judged after {real} of watched time");
    }

    [Fact]
    public void An_overrun_says_what_to_change() =>
        Assert.Equal("no sign of life for 301 s within an open turn (limits.idle is 300 s)", Judge(Turn.Pass(Seconds(301.9)))?.Reason);

    private static Overrun? Judge(Deadlines deadlines) => deadlines.Judge(Limits, SpoolPosition.AtEnd);

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
