using Xunit;

namespace Drover.Core.Tests.Scheduling;

public sealed class DependencyTests
{
    private static TicketKey Key(int number) => new("APP", number);

    private static string? Circle(int ticket, int dependsOn, params (int Ticket, int Needs)[] edges) =>
        DependencyRules.Circle(Key(ticket), Key(dependsOn), key => edges.Where(e => Key(e.Ticket) == key).Select(e => Key(e.Needs))) is { } way
            ? string.Join(' ', way.Select(k => k.Number)) : null;

    private static string Says(params (int Number, Stage Stage)[] needs) => DependencyRules.Says(Key(9), [.. needs.Select(n => new BoardNeed(Key(n.Number), n.Stage))]);

    [Fact]
    public void A_ticket_cannot_wait_for_itself() => Assert.Equal("3 3", Circle(3, 3));

    [Fact]
    public void The_way_of_a_circle_is_told_in_the_order_of_waiting()
    {
        Assert.Equal("3 1 3", Circle(3, 1, (1, 3)));
        Assert.Equal("1 2 3 4 1", Circle(1, 2, (2, 3), (3, 4), (4, 1)));
        Assert.Equal("1 2 5 1", Circle(1, 2, (2, 3), (3, 4), (4, 1), (2, 5), (5, 1)));
    }

    [Fact]
    public void Two_ways_to_the_same_ticket_are_no_circle()
    {
        Assert.Null(Circle(1, 2, (1, 3), (2, 4), (3, 4)));
        Assert.Null(Circle(1, 2));
        Assert.Null(Circle(1, 2, (5, 1), (2, 6)));
    }

    [Fact]
    public void A_circle_that_is_there_already_and_leads_not_back_is_walked_once() => Assert.Null(Circle(1, 2, (2, 3), (3, 2)));

    /// <summary>Held against walking every way by brute force.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Dependencies_that_were_let_in_one_by_one_never_make_a_circle(int seed)
    {
        var random = new Random(seed);
        List<(int Ticket, int Needs)> edges = [];
        var refused = 0;
        for (var i = 0; i < 300; i++)
        {
            var (ticket, needs) = (random.Next(12), random.Next(12));
            var leadsBack = ticket == needs || Reaches(edges, needs, ticket, 0);

            var way = DependencyRules.Circle(Key(ticket + 1), Key(needs + 1), key => edges.Where(e => Key(e.Ticket + 1) == key).Select(e => Key(e.Needs + 1)));

            Assert.Equal(leadsBack, way is not null);
            if (way is null) edges.Add((ticket, needs));
            else
            {
                refused++;
                Assert.Equal((Key(ticket + 1), Key(needs + 1), Key(ticket + 1)), (way[0], way[1], way[^1]));
                Assert.All(way.Skip(1).Zip(way.Skip(2)), step => Assert.Contains((step.First.Number - 1, step.Second.Number - 1), edges));
            }
        }

        Assert.InRange(refused, 1, 299);
    }

    [Fact]
    public void What_is_waited_for_is_named_with_its_stage_and_with_what_would_change_it() => Assert.Equal(
        "APP-9 waits for APP-1 (coding), APP-2 (backlog) to be done; 'drover ticket edit APP-9 --independent-of APP-1' takes that away, 'drover run start APP-9' does not wait",
        Says((1, Stage.Coding), (2, Stage.Backlog)));

    [Fact]
    public void A_cancelled_ticket_is_never_done_and_is_the_one_to_let_go()
    {
        var both = Says((1, Stage.Coding), (2, Stage.Cancelled));
        Assert.Contains("waits for APP-1 (coding) to be done and depends on APP-2, which was cancelled", both, StringComparison.Ordinal);
        Assert.Contains("--independent-of APP-2", both, StringComparison.Ordinal);
        Assert.Contains("APP-9 depends on APP-1, APP-2, which were cancelled", Says((1, Stage.Cancelled), (2, Stage.Cancelled)), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_many_some_are_named_and_the_others_counted()
    {
        var text = Says([.. Enumerable.Range(1, 8).Select(n => (n, Stage.Ready))]);
        Assert.Contains("APP-5 (ready) and 3 more to be done", text, StringComparison.Ordinal);
        Assert.DoesNotContain("APP-6", text, StringComparison.Ordinal);
    }

    private static bool Reaches(List<(int Ticket, int Needs)> edges, int from, int to, int depth) =>
        from == to || (depth < 12 && edges.Where(e => e.Ticket == from).Any(e => Reaches(edges, e.Needs, to, depth + 1)));
}
