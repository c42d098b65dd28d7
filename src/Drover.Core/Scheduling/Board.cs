namespace Drover.Core;

/// <summary>All that the scheduler knows when it decides: rows of one moment. What it decides is a value, and applying it is checked again in the transaction that does.</summary>
/// <param name="MostRuns">The most runs of this machine at the same time, over all projects.</param>
public sealed record Board(
    DateTimeOffset Now, int MostRuns, IReadOnlyList<BoardProject> Projects, IReadOnlyList<BoardTicket> Tickets, IReadOnlyList<BoardRun> Runs)
{
    /// <summary>Accounts and models that their vendor refuses for now.</summary>
    public IReadOnlyList<Circuit> Circuits { get; init; } = [];

    /// <summary>How many tickets are in a stage, where the board does not hold all of them; null when it does.</summary>
    public IReadOnlyDictionary<(ProjectId Project, Stage Stage), int>? InStages { get; init; }
}

/// <param name="Agents">In the order of the roster: the first that is free is taken.</param>
public sealed record BoardProject(ProjectId Id, IReadOnlyList<BoardAgent> Agents, ProjectCaps Caps)
{
    /// <summary>Why no run of this project starts, as a sentence that says what would change it: its budget, say. Null when runs may start.</summary>
    public string? Closed { get; init; }
}

/// <summary>An entry of the roster.</summary>
/// <param name="Slots">The names under which its agents work; each works on one run at a time.</param>
/// <param name="Account">Whose login it uses: agents of one adapter and account share the vendor's limits.</param>
public sealed record BoardAgent(string Name, IReadOnlyList<string> Slots, IReadOnlySet<Role> Roles, string Adapter, string Account)
{
    public string? Model { get; init; }

    /// <summary>Why its program cannot be used; null when it can.</summary>
    public string? Unfit { get; init; }
}

/// <summary>The most runs of a project at the same time: in all, by role, by roster entry, by adapter. Exempt roles count for none. What is not listed has no limit of its own.</summary>
/// <param name="Stages">The most tickets in a stage; a stage that is full takes none from before it.</param>
public sealed record ProjectCaps(
    int Runs, IReadOnlyDictionary<Role, int> Roles, IReadOnlyDictionary<string, int> Agents, IReadOnlyDictionary<string, int> Adapters, IReadOnlyDictionary<Stage, int> Stages);

/// <param name="Since">Since when it waits in its stage.</param>
public sealed record BoardTicket(TicketKey Key, ProjectId Project, Stage Stage, int Priority, DateTimeOffset Since)
{
    public bool Blocked { get; init; }

    public bool Held { get; init; }

    /// <summary>The roster entry or slot that is to work on it if it can; another does not, as long as that one exists and has the role.</summary>
    public string? Prefers { get; init; }

    /// <summary>The one that a person has asked for while it was busy.</summary>
    public string? Wish { get; init; }

    /// <summary>The roster entry whose run is gone on with: its conversation can be had with no other.</summary>
    public string? GoesOnWith { get; init; }

    /// <summary>A person has asked for a run while there was no room: it waits for that alone.</summary>
    public bool Asked { get; init; }

    /// <summary>No run starts by itself before: the delay after a failure.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Its newest run has ended, and what that means for the ticket is not yet written.</summary>
    public bool Unanswered { get; init; }

    /// <summary>What it depends on and is not done.</summary>
    public IReadOnlyList<BoardNeed> WaitsFor { get; init; } = [];

    /// <summary>Who looks at its work before it merges.</summary>
    public ReviewWay Review { get; init; }

    /// <summary>Its landing met a conflict, or a gate that only the combined tree fails, and an agent is to mend it.</summary>
    public bool NeedsMerger { get; init; }
}

/// <summary>A ticket that another one depends on.</summary>
public sealed record BoardNeed(TicketKey Key, Stage Stage);

/// <summary>A run that is not settled.</summary>
public sealed record BoardRun(RunName Name, ProjectId Project, TicketKey? Ticket, Role Role, string Slot, string Agent, string Adapter, string Account);

/// <summary>A vendor's refusal that holds for everybody who uses the account, or only for one model of it (null = for all).</summary>
public sealed record Circuit(string Adapter, string Account, string? Model, DateTimeOffset Until, string Reason);
