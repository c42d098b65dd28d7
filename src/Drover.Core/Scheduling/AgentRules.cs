namespace Drover.Core;

/// <summary>Which agent takes a run: the one that was named; else the one that the ticket prefers; else the first of the role that is free. Who is named or preferred and busy is waited for.</summary>
public static class AgentRules
{
    private const int Shown = 5;

    /// <summary>An agent that was named exists and has the role; without a name, somebody has it.</summary>
    internal static ClaimVerdict? Known(BoardProject project, Claim claim)
    {
        if (claim.Agent is { } name)
        {
            if (Find(project, name) is not { } agent)
                return ClaimRules.Refuse(RefusalCause.UnknownAgent, $"there is no agent '{name}' in drover.yaml; there {(project.Agents.Count == 1 ? "is" : "are")} {string.Join(", ", project.Agents.Select(a => a.Name))}");
            if (!agent.Roles.Contains(claim.Role)) return ClaimRules.Refuse(RefusalCause.NoAgent, $"the agent '{name}' has not the role {claim.Role.Word()}");
            return agent.Unfit is { } why ? Unfit(agent, why) : null;
        }

        if (!project.Agents.Any(a => a.Roles.Contains(claim.Role))) return ClaimRules.Refuse(RefusalCause.NoAgent, $"no agent in drover.yaml has the role {claim.Role.Word()}");
        return project.Agents.Any(a => a.Roles.Contains(claim.Role) && a.Unfit is null) ? null
            : project.Agents.First(a => a.Roles.Contains(claim.Role)) is var first ? Unfit(first, first.Unfit!) : null;
    }

    internal static ClaimVerdict Choose(Board board, Crew crew, BoardProject project, BoardTicket ticket, Claim claim)
    {
        if (claim.Agent is { } named) return OneOf([Find(project, named)!], named, QueueCause.NamedBusy, $"the agent '{named}'");
        if (Wanted(project, ticket.Wish, claim.Role) is { } wished) return OneOf([wished], ticket.Wish, QueueCause.NamedBusy, $"the agent '{ticket.Wish}', which was asked for,");
        if (Wanted(project, ticket.Prefers, claim.Role) is { } preferred) return OneOf([preferred], ticket.Prefers, QueueCause.PreferredBusy, $"the agent '{ticket.Prefers}', which {ticket.Key} prefers,");
        if (Wanted(project, ticket.GoesOnWith, claim.Role) is { } before) return OneOf([before], null, QueueCause.PreferredBusy, $"the agent '{before.Name}', which began the work,");
        if (crew.Full(project.Id, claim.Role) is { } known) return known;
        var anyone = OneOf(project.Agents.Where(a => a.Unfit is null && a.Roles.Contains(claim.Role)), null, QueueCause.AllBusy, $"every agent with the role {claim.Role.Word()}");
        return anyone is ClaimVerdict.Queued none ? crew.Remember(project.Id, claim.Role, none) : anyone;

        ClaimVerdict OneOf(IEnumerable<BoardAgent> agents, string? name, QueueCause busy, string whom)
        {
            ClaimVerdict.Queued? waits = null;
            List<BoardRun> atWork = [];
            foreach (var agent in agents)
            {
                if (Shut(board, crew, project, agent, claim.Role) is { } shut) waits ??= shut;
                else if (Slot(crew, project, agent, name, claim.Role, atWork) is { } slot) return new ClaimVerdict.Start(agent, slot);
            }

            return waits is not null && atWork.Count == 0 ? waits : new ClaimVerdict.Queued(busy, $"{whom} is busy ({Where(atWork)})");
        }
    }

    /// <summary>The first free slot of an entry, or of its slot that was named; null when there is none, and then who is at work there, of whom a few are enough.</summary>
    private static string? Slot(Crew crew, BoardProject project, BoardAgent agent, string? name, Role role, List<BoardRun> atWork)
    {
        var isFull = !role.IsExempt() && crew.OfAgent(project.Id, agent.Name) >= agent.Slots.Count;
        foreach (var slot in agent.Slots)
        {
            if (isFull && atWork.Count >= Shown) return null;
            if (name is not null && name != agent.Name && name != slot) continue;
            if (role.IsExempt() || crew.At(project.Id, slot) is not { } run) return slot;
            if (atWork.Count < Shown) atWork.Add(run);
        }

        return null;
    }

    /// <summary>Why no agent of this entry takes anything now.</summary>
    private static ClaimVerdict.Queued? Shut(Board board, Crew crew, BoardProject project, BoardAgent agent, Role role)
    {
        if (Open(board, agent) is { } circuit) return new(QueueCause.Circuit, $"{circuit.Adapter} refuses for now ({circuit.Reason}); it is tried again then", circuit.Until);
        return role.IsExempt() ? null : CapRules.Full(crew, project, agent);
    }

    private static string Where(IEnumerable<BoardRun> runs) =>
        string.Join(", ", runs.Select(r => r.Ticket is { } ticket ? $"{r.Slot} on {ticket}" : $"{r.Slot} as {r.Name}"));

    /// <summary>The entry that a ticket speaks of; one that is unknown, unfit or has not the role counts as none.</summary>
    private static BoardAgent? Wanted(BoardProject project, string? name, Role role) =>
        name is not null && Find(project, name) is { Unfit: null } agent && agent.Roles.Contains(role) ? agent : null;

    private static Circuit? Open(Board board, BoardAgent agent)
    {
        foreach (var circuit in board.Circuits)
        {
            if (circuit.Until > board.Now && circuit.Adapter == agent.Adapter && circuit.Account == agent.Account && (circuit.Model is null || circuit.Model == agent.Model)) return circuit;
        }

        return null;
    }

    private static BoardAgent? Find(BoardProject project, string name) => project.Agents.FirstOrDefault(a => a.Name == name || a.Slots.Contains(name));

    private static ClaimVerdict.Refused Unfit(BoardAgent agent, string why) => ClaimRules.Refuse(RefusalCause.UnfitAgent,
        $"{why}. Mend or reinstall the program of '{agent.Name}', then: drover doctor --agent {agent.Name}");
}
