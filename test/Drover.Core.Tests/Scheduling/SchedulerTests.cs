using Xunit;

namespace Drover.Core.Tests.Scheduling;

public sealed class SchedulerTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 22, 0, 0, TimeSpan.Zero);
    private static readonly ProjectId Project = new("app");

    private static BoardTicket Ticket(int number, int priority = 5, double hours = 0) => new(new("APP", number), Project, Stage.Ready, priority, Now.AddHours(-hours));

    private static IReadOnlyList<Decision> Tick(int coders, params BoardTicket[] tickets) =>
        Scheduler.Tick(new(Now, 100, [new(Project, [new("coder", [.. Enumerable.Range(1, coders).Select(n => $"coder-{n}")], new HashSet<Role> { Role.Coder }, "claude", "user")],
            new(100, new Dictionary<Role, int>(), new Dictionary<string, int>(), new Dictionary<string, int>(), new Dictionary<Stage, int>()))], tickets, []));

    private static int[] Started(IReadOnlyList<Decision> decisions) => [.. decisions.Where(d => d.Verdict is ClaimVerdict.Start).Select(d => d.Ticket.Number)];

    [Fact]
    public void The_most_urgent_come_first_and_among_equals_who_waits_longest() =>
        Assert.Equal([2, 4, 1], Started(Tick(3, Ticket(1, 5, 0.2), Ticket(2, 1), Ticket(3, 5, 0.1), Ticket(4, 5, 0.5))));

    [Fact]
    public void Each_of_those_that_wait_knows_its_place()
    {
        var decisions = Tick(1, Ticket(1), Ticket(2), Ticket(3));
        Assert.Equal([(1, 1), (2, 2), (3, 3)], decisions.Select(d => (d.Ticket.Number, d.Position)));
        Assert.All(decisions.Skip(1), d => Assert.Equal(QueueCause.AllBusy, Assert.IsType<ClaimVerdict.Queued>(d.Verdict).Cause));
    }

    [Fact]
    public void A_ticket_that_waits_long_enough_goes_before_everything_that_is_newer()
    {
        Assert.Equal([1], Started(Tick(1, Ticket(1, 1), Ticket(2, 9, 7.9))));
        Assert.Equal([2], Started(Tick(1, Ticket(1, 1), Ticket(2, 9, 8))));
    }

    [Fact]
    public void One_that_cannot_start_holds_up_none_behind_it() =>
        Assert.Equal([2], Started(Tick(1, Ticket(1, 1) with { NotBefore = Now.AddMinutes(1) }, Ticket(2))));

    [Fact]
    public void What_needs_no_agent_is_not_spoken_of() =>
        Assert.Empty(Tick(3, Ticket(1) with { Held = true }, Ticket(2) with { Blocked = true }, Ticket(3) with { Stage = Stage.Backlog },
            Ticket(4) with { Stage = Stage.Review, Review = ReviewWay.Human }, Ticket(5) with { Stage = Stage.Merging }, Ticket(6) with { Stage = Stage.Coding, Unanswered = true }));

    [Fact]
    public void Review_and_a_conflict_call_for_their_own_roles()
    {
        Assert.Equal(Role.Reviewer, Scheduler.Needs(Ticket(1) with { Stage = Stage.Review, Review = ReviewWay.Agent }));
        Assert.Equal(Role.Merger, Scheduler.Needs(Ticket(1) with { Stage = Stage.Merging, NeedsMerger = true }));
        Assert.Equal(Role.Coder, Scheduler.Needs(Ticket(1) with { Stage = Stage.Coding }));
    }
}
