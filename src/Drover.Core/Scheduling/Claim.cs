namespace Drover.Core;

/// <summary>A run that somebody wants: the scheduler, or a person.</summary>
/// <param name="Agent">The roster entry or slot that was named; null for whichever fits.</param>
public sealed record Claim(TicketKey Ticket, Role Role, string? Agent = null)
{
    /// <summary>A person asks. That is the go for a ticket of the backlog, lifts a block, and does not wait for a delay or for other tickets.</summary>
    public bool ByHuman { get; init; }

    /// <summary>It goes on with a settled run of the ticket: whoever asks for that of work in review, or on its way to land, wants that very work changed.</summary>
    public bool GoesOn { get; init; }
}

/// <summary>What becomes of a claim. Each kind is a normal answer.</summary>
public abstract record ClaimVerdict
{
    private ClaimVerdict() { }

    /// <summary>It may start now, with this agent.</summary>
    public sealed record Start(BoardAgent Agent, string Slot) : ClaimVerdict;

    /// <summary>It will start by itself when what it waits for has happened.</summary>
    /// <param name="Text">A sentence that says what would change it.</param>
    /// <param name="Until">When, if that is known.</param>
    public sealed record Queued(QueueCause Cause, string Text, DateTimeOffset? Until = null) : ClaimVerdict;

    /// <summary>It will not start as things are; somebody has to do something.</summary>
    public sealed record Refused(RefusalCause Cause, string Text) : ClaimVerdict;
}

public enum QueueCause
{
    /// <summary>The agent that was named works on another ticket.</summary>
    NamedBusy,

    /// <summary>The agent that the ticket prefers works on another ticket.</summary>
    PreferredBusy,

    /// <summary>All agents of the role are at work.</summary>
    AllBusy,

    /// <summary>A limit of concurrent runs, or of tickets in a stage.</summary>
    AtCap,

    /// <summary>Tickets it depends on are not done.</summary>
    Dependencies,

    /// <summary>It failed, and is tried again later.</summary>
    Delay,

    /// <summary>The vendor refuses for now.</summary>
    Circuit,

    /// <summary>The project starts nothing: its budget, say.</summary>
    Closed,

    /// <summary>Its last run has just ended, and where the ticket goes is being written.</summary>
    Settling,
}

public enum RefusalCause { NoTicket, Final, Held, Blocked, NeedsGo, WrongStage, UnknownAgent, NoAgent, UnfitAgent, AlreadyActive, RoleTaken }
