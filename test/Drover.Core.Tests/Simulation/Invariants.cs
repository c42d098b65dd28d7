using Xunit;

namespace Drover.Core.Tests.Simulation;

/// <summary>What holds at every step, whatever happens.</summary>
internal static class Invariants
{
    /// <summary>Who is told that it starts would be told so by <c>why</c> too; and nobody is left waiting who could start.</summary>
    public static void OfTick(Board board, IReadOnlyList<Decision> decisions, List<string> trace)
    {
        Assert.Equal(decisions.Count, decisions.Select(d => d.Ticket).Distinct().Count());
        var after = board;
        foreach (var (ticket, role, verdict, _) in decisions)
        {
            var alone = ClaimRules.Judge(after, new(ticket, role));
            Assert.True(alone.GetType() == verdict.GetType(), $"the scheduler says {verdict} of {ticket}, and alone it is {alone}\n{string.Join('\n', trace.TakeLast(20))}");
            if (verdict is ClaimVerdict.Queued queued) Assert.NotEmpty(queued.Text);
            if (verdict is not ClaimVerdict.Start start) continue;
            var row = board.Tickets.Single(t => t.Key == ticket);
            after = after with
            {
                Runs = [.. after.Runs, new(new($"new-{ticket}"), row.Project, ticket, role, start.Slot, start.Agent.Name, start.Agent.Adapter, start.Agent.Account)],
                Tickets = [.. after.Tickets.Select(t => t.Key == ticket && role == Role.Coder ? t with { Stage = Stage.Coding } : t)],
            };
        }

        foreach (var (ticket, role, verdict, _) in decisions.Where(d => d.Verdict is not ClaimVerdict.Start))
            Assert.False(ClaimRules.Judge(after, new(ticket, role)) is ClaimVerdict.Start, $"{ticket} could start and does not: {verdict}");
    }

    public static void OfState(World world, Board board, BoardProject project, int mostRuns)
    {
        var runs = board.Runs;
        Assert.All(runs.GroupBy(r => (r.Ticket, r.Role)), g => Assert.Single(g));
        Assert.All(runs.Where(r => r.Role.Writes()).GroupBy(r => r.Ticket), g => Assert.Single(g));
        Assert.All(runs.GroupBy(r => r.Slot), g => Assert.Single(g));
        Assert.True(runs.Count <= mostRuns && runs.Count <= project.Caps.Runs);
        Assert.All(project.Caps.Roles, c => Assert.True(runs.Count(r => r.Role == c.Key) <= c.Value));
        Assert.All(project.Caps.Agents, c => Assert.True(runs.Count(r => r.Agent == c.Key) <= c.Value));
        Assert.All(project.Caps.Adapters, c => Assert.True(runs.Count(r => r.Adapter == c.Key) <= c.Value));
        foreach (var run in runs)
        {
            var agent = project.Agents.Single(a => a.Slots.Contains(run.Slot));
            Assert.Contains(run.Role, agent.Roles);
            var ticket = world.Tickets.Single(t => t.Key == run.Ticket);
            Assert.False(ticket.Stage.IsFinal(), $"{run.Name} works on {ticket.Key}, which is {ticket.Stage.Word()}");
        }
    }

    public static void OfMove(SimTicket ticket, Stage to) => Assert.True(ticket.Stage.CanBecome(to), $"{ticket.Key}: {ticket.Stage.Word()} -> {to.Word()} is no legal move");

    /// <summary>Waiting for a vendor burns no retry; a limit that is said to be lifted in a moment is no wait, and may not go on so for ever.</summary>
    public static void OfEnding(SimTicket ticket, int before, Ending ending, DateTimeOffset now)
    {
        if (ending is { Class: FailureClass.UsageLimit or FailureClass.RateLimit } && ending.ResetsAt > now + RetryLimits.Usual.First) Assert.Equal(before, ticket.Retries);
        Assert.InRange(ticket.Retries, 0, RetryLimits.Usual.Most);
    }

    /// <summary>When nothing happens any more, everything is over or can say why it is not, and nothing is taken.</summary>
    public static void OfEnd(World world)
    {
        Assert.Empty(world.Runs);
        foreach (var ticket in world.Tickets.Where(t => !t.Stage.IsFinal() && !t.Held && t.Blocked is null))
        {
            var row = world.Board.Tickets.Single(t => t.Key == ticket.Key);
            var verdict = Scheduler.Needs(row) is { } role ? ClaimRules.Judge(world.Board, new(ticket.Key, role)) : null;
            Assert.True(verdict is ClaimVerdict.Refused or ClaimVerdict.Queued { Cause: QueueCause.Dependencies or QueueCause.AtCap },
                $"{ticket.Key} is left in {ticket.Stage.Word()}: {verdict}\n{string.Join('\n', world.Trace.TakeLast(30))}");
        }
    }
}
