using Xunit;

namespace Drover.Core.Tests.Scheduling;

public sealed class PipelineTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 22, 0, 0, TimeSpan.Zero);
    private static readonly Principal Agent = new(PrincipalKind.Run, "agent");
    private static readonly Ending Good = new(Outcome.Succeeded, null, "done", Agent);
    private static readonly Ending Bad = new(Outcome.Failed, FailureClass.Crashed, "it crashed", Agent);

    private static PipelineTicket At(Stage stage, ReviewWay review = ReviewWay.None) => new(stage, Held: false, review, Retries: 0, Rounds: 0);

    private static PipelineMove After(PipelineTicket ticket, Role role, Ending ending) => Pipeline.AfterRun(ticket, role, new("run-1"), ending, Now, PipelineLimits.Usual);

    [Fact]
    public void A_coders_success_leads_to_review_and_its_failure_to_another_try()
    {
        Assert.Equal(Stage.Review, Assert.IsType<PipelineMove.To>(After(At(Stage.Coding), Role.Coder, Good)).Stage);
        var again = Assert.IsType<PipelineMove.Again>(After(At(Stage.Coding), Role.Coder, Bad));
        Assert.True(again is { Counts: true, Fresh: false } && again.Reason.Contains("run-1 failed (crashed): it crashed", StringComparison.Ordinal));
        Assert.IsType<PipelineMove.Block>(After(At(Stage.Coding) with { Retries = 3 }, Role.Coder, Bad));
    }

    [Fact]
    public void A_run_that_ends_where_the_ticket_is_not_any_more_moves_nothing()
    {
        foreach (var stage in Enum.GetValues<Stage>())
        {
            foreach (var role in Enum.GetValues<Role>())
            {
                var works = (role, stage) is (Role.Coder, Stage.Coding) or (Role.Reviewer, Stage.Review) or (Role.Merger, Stage.Merging);
                if (!works) Assert.IsType<PipelineMove.Stay>(After(At(stage), role, Bad));
                else Assert.IsType<PipelineMove.Again>(After(At(stage), role, Bad));
                Assert.IsType<PipelineMove.Stay>(After(At(stage) with { Held = true }, role, Bad));
            }
        }
    }

    [Fact]
    public void Only_work_that_nobody_is_to_look_at_passes_through_review()
    {
        foreach (var way in Enum.GetValues<ReviewWay>())
            Assert.Equal(way == ReviewWay.None, Pipeline.OfReview(At(Stage.Review, way)) is PipelineMove.To { Stage: Stage.Merging });
        Assert.IsType<PipelineMove.Stay>(Pipeline.OfReview(At(Stage.Coding)));
        Assert.Equal(Stage.Merging, Assert.IsType<PipelineMove.To>(Pipeline.Approved(At(Stage.Review, ReviewWay.Human), Agent)).Stage);
        Assert.IsType<PipelineMove.Stay>(Pipeline.Approved(At(Stage.Coding), Agent));
    }

    [Fact]
    public void Work_is_sent_back_a_bounded_number_of_times()
    {
        foreach (var stage in (Stage[])[Stage.Review, Stage.Merging])
        {
            Assert.IsType<PipelineMove.Back>(Pipeline.SentBack(At(stage) with { Rounds = 4 }, "a gate failed", PipelineLimits.Usual));
            Assert.Contains("5 times", Assert.IsType<PipelineMove.Block>(Pipeline.SentBack(At(stage) with { Rounds = 5 }, "a gate failed", PipelineLimits.Usual)).Reason, StringComparison.Ordinal);
        }

        Assert.IsType<PipelineMove.Stay>(Pipeline.SentBack(At(Stage.Coding), "a gate failed", PipelineLimits.Usual));
    }
}
