using Xunit;

namespace Drover.Core.Tests.Tickets;

public sealed class WhyRulesTests
{
    private static readonly TicketKey Key = new("APP", 12);

    [Fact]
    public void Every_open_ticket_is_told_what_would_move_it_on()
    {
        foreach (var stage in Enum.GetValues<Stage>())
        {
            var why = WhyRules.Of(Facts(stage));
            Assert.Equal(stage.Word(), why.Code);
            Assert.NotEmpty(why.Text);
        }

        Assert.Contains("drover run start APP-12", WhyRules.Of(Facts(Stage.Backlog)).Text, StringComparison.Ordinal);
        Assert.Contains("drover merge APP-12", WhyRules.Of(Facts(Stage.Review)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hold_speaks_before_a_run_and_a_run_before_a_block()
    {
        var all = Facts(Stage.Coding) with { Held = "wait", HeldBy = new(PrincipalKind.Human, "ann"), Blocked = "needs a key", Run = new("coder-app-12") };

        Assert.Equal("held", WhyRules.Of(all).Code);
        Assert.Equal("running", WhyRules.Of(all with { Held = null }).Code);
        Assert.Equal("blocked", WhyRules.Of(all with { Held = null, Run = null }).Code);
    }

    [Fact]
    public void Of_a_run_that_asks_for_something_it_is_said_where_the_answer_is_given()
    {
        var works = Facts(Stage.Coding) with { Run = new("coder-app-12"), RunStatus = RunStatus.Working };

        Assert.Contains("'drover logs -f coder-app-12' shows it", WhyRules.Of(works).Text, StringComparison.Ordinal);
        Assert.Contains("'drover inbox'", WhyRules.Of(works with { RunStatus = RunStatus.NeedsInput }).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_reason_says_already_of_the_way_out_is_not_said_twice()
    {
        var conflict = Facts(Stage.Merging) with { Blocked = "does not merge; rebase and `drover merge APP-12`." };

        Assert.Equal("APP-12 is blocked: does not merge; rebase and `drover merge APP-12`.", WhyRules.Of(conflict).Text);
        Assert.Contains("'drover merge APP-12' tries", WhyRules.Of(conflict with { Blocked = "a gate failed" }).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_landing_waits_for_is_the_reason_of_a_ticket_in_review() =>
        Assert.Equal("The gates run.", WhyRules.Of(Facts(Stage.Review) with { Landing = "The gates run." }).Text);

    private static WhyFacts Facts(Stage stage) => new(Key, stage, null, null, null, null, null, null);
}
