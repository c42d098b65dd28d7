using Xunit;

namespace Drover.Core.Tests.Runs;

public sealed class StatusRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly StatusFacts Live = new(RunState.Live, Ago(60), ProcessFact.Alive, Ago(1), Ago(5));

    [Fact]
    public void The_rules_stand_in_the_order_of_the_statuses_one_for_each() =>
        Assert.Equal(Enum.GetValues<RunStatus>(), StatusRules.InOrder.Select(r => r.Status));

    public static TheoryData<RunStatus, StatusFacts, string> Cases => new()
    {
        { RunStatus.Lost, Settled(Outcome.Lost, null, "the machine was restarted"), "the machine was restarted" },
        { RunStatus.Stopped, Settled(Outcome.Stopped, null, "run stop"), "run stop" },
        { RunStatus.Interrupted, Settled(Outcome.Interrupted, null, "a human took over"), "a human took over" },
        { RunStatus.Failed, Settled(Outcome.Failed, FailureClass.NoCommits, "the branch has none"), "no_commits: the branch has none" },
        { RunStatus.Succeeded, Settled(Outcome.Succeeded, null, "the turn ended"), "the turn ended" },
        { RunStatus.Stopping, Live with { State = RunState.Stopping, Process = ProcessFact.NotSeen, TurnAt = Ago(9) }, "its process is being ended" },
        { RunStatus.Unknown, Live with { Process = ProcessFact.NotSeen, TurnAt = Ago(9) }, "the last look at its process failed; that is not a death" },
        { RunStatus.Unknown, Live with { Process = ProcessFact.Gone }, "its process has ended; how is still being read" },
        { RunStatus.NeedsInput, Live with { Asked = 1, AskedAt = Ago(30), TurnAt = Ago(40) }, "one approval or question waits for a human" },
        { RunStatus.Limited, Live with { Limit = new(FailureClass.UsageLimit, "limit reached", Ago(20), Now.AddHours(1)), TurnAt = Ago(40) }, "usage_limit until 2026-03-01 13:00 UTC: limit reached" },
        { RunStatus.Stuck, Live with { TurnAt = Ago(500), Silence = new(TimeLimit.Idle, Ago(400)) }, "no sign of life within an open turn" },
        { RunStatus.Stuck, Live with { TurnAt = Ago(500), ToolAt = Ago(400), Silence = new(TimeLimit.Tool, Ago(400)) }, "one tool call has been open for long" },
        { RunStatus.Starting, new(RunState.Reserved, Ago(1), ProcessFact.None, Ago(1), null), "reserved; nothing exists yet" },
        { RunStatus.Starting, new(RunState.Starting, Ago(1), ProcessFact.None, Ago(1), null), "its agent is being started; the first prompt is not accepted yet" },
        { RunStatus.Working, Live with { TurnAt = Ago(9) }, "a turn is open" },
        { RunStatus.Idle, Live, "no turn is open" },
    };

    [Theory, MemberData(nameof(Cases))]
    public void A_status_comes_with_its_evidence(RunStatus expected, StatusFacts facts, string evidence)
    {
        var shown = StatusRules.Of(facts, Now);

        Assert.Equal((expected, evidence), (shown.Status, shown.Evidence));
    }

    [Fact]
    public void The_age_of_a_status_is_that_of_the_fact_behind_it()
    {
        Assert.Equal(Ago(30), StatusRules.Of(Live with { Asked = 2, AskedAt = Ago(30) }, Now).Since);
        Assert.Equal(Ago(5), StatusRules.Of(Live with { TurnAt = Ago(40) }, Now).Since);
        Assert.Equal(Ago(60), StatusRules.Of(Settled(Outcome.Succeeded, null, "x"), Now).Since);
    }

    [Fact]
    public void Silence_between_turns_is_rest() =>
        Assert.Equal(RunStatus.Idle, StatusRules.Of(Live with { Silence = new(TimeLimit.Idle, Ago(400)) }, Now).Status);

    [Fact]
    public void A_limit_whose_time_has_come_no_longer_counts() =>
        Assert.Equal(RunStatus.Working, StatusRules.Of(Live with { TurnAt = Ago(9), Limit = new(FailureClass.RateLimit, "slow down", Ago(20), Ago(1)) }, Now).Status);

    /// <summary>Whatever the facts are, there is a status, it is a final one exactly when the run is settled, a failed look never ends a run, and evidence and age are there.</summary>
    [Fact]
    public void Every_combination_of_facts_has_a_status_that_agrees_with_them()
    {
        var random = new Random(7_340_001);
        for (var i = 0; i < 20_000; i++)
        {
            var facts = Any(random);

            var shown = StatusRules.Of(facts, Now);

            var isFinal = shown.Status is RunStatus.Lost or RunStatus.Stopped or RunStatus.Interrupted or RunStatus.Failed or RunStatus.Succeeded;
            Assert.True(isFinal == (facts.State == RunState.Settled), $"{shown} of {facts}");
            Assert.True(shown.Status == StatusRules.InOrder.First(r => r.Match(facts, Now) is not null).Status);
            Assert.False(string.IsNullOrWhiteSpace(shown.Evidence));
            Assert.InRange(shown.Since, Now.AddDays(-1), Now);
        }
    }

    private static StatusFacts Any(Random random)
    {
        var state = Pick<RunState>(random);
        return new StatusFacts(state, Ago(random.Next(5000)), Pick<ProcessFact>(random), Ago(random.Next(100)), Maybe(random))
        {
            Ending = state == RunState.Settled ? new(Pick<Outcome>(random), random.Next(2) == 0 ? null : Pick<FailureClass>(random), "reason", Principal.Server("test")) : null,
            Asked = random.Next(3),
            AskedAt = Maybe(random),
            Limit = random.Next(3) == 0 ? new(Pick<FailureClass>(random), "text", Ago(random.Next(500)), random.Next(2) == 0 ? null : Now.AddSeconds(random.Next(-50, 50))) : null,
            TurnAt = Maybe(random),
            ToolAt = Maybe(random),
            Silence = random.Next(2) == 0 ? null : new(Pick<TimeLimit>(random), Ago(random.Next(600))),
        };
    }

    private static T Pick<T>(Random random) where T : struct, Enum => random.GetItems(Enum.GetValues<T>(), 1)[0];

    private static DateTimeOffset? Maybe(Random random) => random.Next(2) == 0 ? null : Ago(random.Next(5000));

    private static StatusFacts Settled(Outcome outcome, FailureClass? failure, string reason) =>
        Live with { State = RunState.Settled, Process = ProcessFact.None, Ending = new(outcome, failure, reason, Principal.Server("test")) };

    private static DateTimeOffset Ago(int seconds) => Now.AddSeconds(-seconds);
}
