namespace Drover.Core;

/// <summary>Whether a run may start. The scheduler, a person's start and <c>why</c> ask this one question, so that they can never say different things; the reservation asks it again
/// in its own transaction. The checks have an order, and the first that fails is the answer: the ticket, the agent that was named, the stage, who is at work on it, who is free, the limits.</summary>
public static class ClaimRules
{
    public static ClaimVerdict Judge(Board board, Claim claim) => Judge(board, new Crew(board), board.Projects.ToDictionary(p => p.Id), board.Tickets.FirstOrDefault(t => t.Key == claim.Ticket), claim);

    internal static ClaimVerdict Judge(Board board, Crew crew, IReadOnlyDictionary<ProjectId, BoardProject> projects, BoardTicket? ticket, Claim claim)
    {
        if (ticket is null) return Refuse(RefusalCause.NoTicket, $"there is no open ticket {claim.Ticket}; 'drover ticket list' shows what there is");
        var project = projects[ticket.Project];
        return OfTicket(ticket, claim)
            ?? AgentRules.Known(project, claim)
            ?? StageRules.Fit(ticket, claim)
            ?? AtWork(crew, ticket, claim)
            ?? Waiting(board, project, ticket, claim)
            ?? CapRules.Full(board, crew, project, ticket, claim.Role)
            ?? AgentRules.Choose(board, crew, project, ticket, claim);
    }

    private static ClaimVerdict? OfTicket(BoardTicket ticket, Claim claim)
    {
        var key = ticket.Key;
        if (ticket.Stage.IsFinal()) return Refuse(RefusalCause.Final, $"{key} is {ticket.Stage.Word()}; file a new ticket");
        if (ticket.Held) return Refuse(RefusalCause.Held, $"{key} is held; 'drover ticket release {key}' lets it go on");
        return ticket.Blocked && !claim.ByHuman ? Refuse(RefusalCause.Blocked, $"{key} is blocked; 'drover why {key}' says why, 'drover ticket unblock {key}' lets it go on") : null;
    }

    /// <summary>One run of a role works on a ticket, and one that writes; an exempt role is bound by neither.</summary>
    private static ClaimVerdict? AtWork(Crew crew, BoardTicket ticket, Claim claim)
    {
        if (claim.Role.IsExempt()) return null;
        foreach (var run in crew.On(ticket.Key))
        {
            if (claim.Agent is { } named && (run.Agent == named || run.Slot == named))
                return Refuse(RefusalCause.AlreadyActive, $"{run.Slot} is already at work on {ticket.Key} as {run.Name}; 'drover say {run.Name} TEXT' tells it something, 'drover run stop {run.Name}' ends it");
            if (run.Role == claim.Role || run.Role.Writes() && claim.Role.Writes())
                return Refuse(RefusalCause.RoleTaken, $"{ticket.Key} has a {run.Role.Word()} at work, {run.Name}; 'drover say {run.Name} TEXT' tells it something, 'drover run stop {run.Name}' ends it");
        }

        return null;
    }

    private static ClaimVerdict? Waiting(Board board, BoardProject project, BoardTicket ticket, Claim claim)
    {
        var key = ticket.Key;
        if (project.Closed is { } closed) return new ClaimVerdict.Queued(QueueCause.Closed, closed);
        if (claim.ByHuman || !claim.Role.Writes()) return null;
        if (ticket.Unanswered) return new ClaimVerdict.Queued(QueueCause.Settling, $"the last run on {key} has just ended, and where it goes now is being written");
        if (ticket.Asked) return null;
        if (ticket is { Stage: Stage.Ready or Stage.Backlog, WaitsFor: [_, ..] needs }) return new ClaimVerdict.Queued(QueueCause.Dependencies, DependencyRules.Says(key, needs));
        return ticket.NotBefore is { } at && at > board.Now
            ? new ClaimVerdict.Queued(QueueCause.Delay, $"{key} is tried again after a failure; 'drover run start {key}' does not wait", at) : null;
    }

    internal static ClaimVerdict.Refused Refuse(RefusalCause cause, string text) => new(cause, text);
}
