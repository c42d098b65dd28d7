namespace Drover.Core;

/// <summary>What the scheduler has decided about one ticket.</summary>
/// <param name="Position">Its place among those that could use an agent of the same role, from 1.</param>
public sealed record Decision(TicketKey Ticket, Role Role, ClaimVerdict Verdict, int Position);

/// <summary>Looks at the whole board and says which runs start, in which order, and for all others why they do not.</summary>
public static class Scheduler
{
    /// <summary>A ticket that has waited this long counts as one step more urgent, and so on without end: nothing waits for ever behind what is more urgent.</summary>
    public static readonly TimeSpan Aging = TimeSpan.FromHours(1);

    /// <summary>Most urgent first; among equals who waits longest.</summary>
    public static IReadOnlyList<Decision> Tick(Board board)
    {
        var (crew, projects) = (new Crew(board), board.Projects.ToDictionary(p => p.Id));
        var positions = new Dictionary<(ProjectId, Role), int>();
        List<Decision> decisions = [];
        foreach (var (ticket, role) in Candidates(board, crew))
        {
            if (!projects.ContainsKey(ticket.Project)) continue;
            var position = positions[(ticket.Project, role)] = positions.GetValueOrDefault((ticket.Project, role)) + 1;
            var verdict = ClaimRules.Judge(board, crew, projects, ticket, new(ticket.Key, role));
            if (verdict is ClaimVerdict.Start start) Take(crew, ticket, role, start);
            decisions.Add(new(ticket.Key, role, verdict, position));
        }

        return decisions;
    }

    /// <summary>The role whose work a ticket needs next; null when it needs no agent as it stands.</summary>
    public static Role? Needs(BoardTicket ticket) => ticket switch
    {
        { Held: true } or { Blocked: true } or { Unanswered: true } => null,
        { Stage: Stage.Ready or Stage.Coding } => Role.Coder,
        { Stage: Stage.Review, Review: ReviewWay.Agent } => Role.Reviewer,
        { Stage: Stage.Merging, NeedsMerger: true } => Role.Merger,
        _ => null,
    };

    private static List<(BoardTicket Ticket, Role Role)> Candidates(Board board, Crew crew)
    {
        List<(long Urgency, BoardTicket Ticket, Role Role)> found = [];
        foreach (var ticket in board.Tickets)
        {
            if (Needs(ticket) is not { } role || crew.On(ticket.Key).Count > 0) continue;
            found.Add((ticket.Priority - ((board.Now - ticket.Since).Ticks / Aging.Ticks), ticket, role));
        }

        found.Sort(static (a, b) =>
        {
            var order = a.Urgency.CompareTo(b.Urgency);
            if (order == 0) order = a.Ticket.Since.CompareTo(b.Ticket.Since);
            return order == 0 ? a.Ticket.Key.CompareTo(b.Ticket.Key) : order;
        });
        return [.. found.Select(f => (f.Ticket, f.Role))];
    }

    private static void Take(Crew crew, BoardTicket ticket, Role role, ClaimVerdict.Start start)
    {
        crew.Take(new(new(""), ticket.Project, ticket.Key, role, start.Slot, start.Agent.Name, start.Agent.Adapter, start.Agent.Account));
        if (role == Role.Coder) crew.Move(ticket.Project, ticket.Stage, Stage.Coding);
    }
}
