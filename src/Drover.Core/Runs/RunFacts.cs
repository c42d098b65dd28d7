namespace Drover.Core;

/// <summary>What is known of a run when its loop asks what to do. All of it is stored; nothing of it is a guess.</summary>
public sealed record RunFacts
{
    public required Role Role { get; init; }

    public required RunState State { get; init; }

    /// <summary>Whether the run works in an attempt's worktree (and not in the project's own checkout).</summary>
    public required bool HasWorktree { get; init; }

    /// <summary>Somebody wants the run to end.</summary>
    public StopRequest? Stop { get; init; }

    /// <summary>Drover found that the run cannot go on.</summary>
    public Fault? Fault { get; init; }

    /// <summary>How the last turn of the agent's present process ended; null while none has.</summary>
    public TurnResult? LastTurn { get; init; }

    /// <summary>When that turn ended.</summary>
    public DateTimeOffset LastTurnAt { get; init; }

    /// <summary>How long the run has waited for its vendor, and may.</summary>
    public Patience Patience { get; init; } = new(0, TimeSpan.Zero, TimeSpan.Zero);

    /// <summary>Until when the run waits; null when it does not.</summary>
    public DateTimeOffset? WaitingUntil { get; init; }

    public DateTimeOffset Now { get; init; }

    public bool TurnOpen { get; init; }

    /// <summary>Messages that are queued, or written and not yet read by the agent.</summary>
    public int OpenSteers { get; init; }

    /// <summary>Of those, the ones that the agent was not given since each would take a turn more than the run may have.</summary>
    public int WithheldSteers { get; init; }

    /// <summary>Turns that the run has begun.</summary>
    public int Turns { get; init; }

    /// <summary>How many it may have; null: as many as it takes.</summary>
    public int? MostTurns { get; init; }

    /// <summary>Whether the agent's present process is to go on with an earlier conversation.</summary>
    public bool Resumes { get; init; }

    /// <summary>Whether that is to be with a copy of it.</summary>
    public bool Forks { get; init; }

    /// <summary>Why another process of the agent could not go on with the conversation; null when it can.</summary>
    public string? CannotResume { get; init; }

    /// <summary>Whether the agent's present process has taken up its first prompt.</summary>
    public bool Accepted { get; init; }

    public int OpenApprovals { get; init; }

    /// <summary>Uncommitted files in the worktree, as last looked at after the turn's end.</summary>
    public int DirtyFiles { get; init; }

    /// <summary>How often the agent has been asked to commit what it left.</summary>
    public int CommitAsks { get; init; }

    /// <summary>Commits on the attempt's branch beyond its base; null when the worktree could not be looked at.</summary>
    public int? Commits { get; init; }
}

public sealed record StopRequest(Principal By, string Reason);

/// <summary>Why Drover ended a run: its process is lost, it is silent, it could not be started.</summary>
public sealed record Fault(Outcome Outcome, FailureClass? Class, string Reason);

public sealed record TurnResult(Outcome Outcome, FailureClass? Class, string Reason, bool Retryable = false, DateTimeOffset? ResetsAt = null);
