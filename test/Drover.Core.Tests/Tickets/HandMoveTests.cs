using Xunit;

namespace Drover.Core.Tests.Tickets;

public sealed class HandMoveTests
{
    private static readonly TicketKey Key = new("APP", 12);
    private static readonly Principal Human = new(PrincipalKind.Human, "ann");
    private static readonly Principal Agent = new(PrincipalKind.Run, "00000000000000a1");
    private static readonly Principal Script = new(PrincipalKind.Script, "nightly");

    [Fact]
    public void A_humans_legal_move_of_a_free_ticket_is_allowed_and_every_other_one_says_what_would_help()
    {
        foreach (var from in Enum.GetValues<Stage>())
        {
            foreach (var to in Enum.GetValues<Stage>())
            {
                var judged = HandMoves.Judge(Key, from, to, Human, null, null);
                var byDeed = to is Stage.Coding or Stage.Merging or Stage.Done;
                var expected = from == to ? typeof(HandMove.Nothing)
                    : from.CanBecome(to) && !byDeed ? typeof(HandMove.Allowed) : typeof(HandMove.Illegal);
                Assert.IsType(expected, judged);
                if (judged is HandMove.Illegal illegal) Assert.NotEmpty(illegal.Why);
            }
        }
    }

    [Fact]
    public void The_go_is_given_by_humans_only()
    {
        Assert.IsType<HandMove.Allowed>(HandMoves.Judge(Key, Stage.Backlog, Stage.Ready, new(PrincipalKind.Browser, "b"), null, null));
        Assert.IsType<HandMove.HumanOnly>(HandMoves.Judge(Key, Stage.Backlog, Stage.Ready, Script, null, null));
        Assert.IsType<HandMove.HumanOnly>(HandMoves.Judge(Key, Stage.Backlog, Stage.Ready, Agent, null, null));
        Assert.IsType<HandMove.HumanOnly>(HandMoves.Judge(Key, Stage.Ready, Stage.Backlog, Agent, null, null));
        Assert.IsType<HandMove.Allowed>(HandMoves.Judge(Key, Stage.Ready, Stage.Backlog, Script, null, null));
    }

    [Fact]
    public void A_held_ticket_and_one_with_a_run_at_work_stay_where_they_are()
    {
        var held = Assert.IsType<HandMove.Held>(HandMoves.Judge(Key, Stage.Backlog, Stage.Ready, Human, Human, null));
        var live = Assert.IsType<HandMove.StillLive>(HandMoves.Judge(Key, Stage.Coding, Stage.Backlog, Human, null, new("coder-app-12")));

        Assert.Contains("drover ticket release APP-12", held.Why, StringComparison.Ordinal);
        Assert.Contains("drover run stop coder-app-12", live.Why, StringComparison.Ordinal);
    }
}
