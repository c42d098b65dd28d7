namespace Drover.Core;

/// <summary>What the last look at an agent's process said. A look that failed is not a death.</summary>
public enum ProcessFact
{
    /// <summary>None has been started yet, or its end is settled.</summary>
    None,

    Alive,

    /// <summary>Seen to have ended; the run is not settled yet.</summary>
    Gone,

    /// <summary>The look failed.</summary>
    NotSeen,
}

/// <summary>What is known of a run, from its rows. <see cref="StatusRules.Of"/> makes the status of it; it is never stored.</summary>
/// <param name="StateAt">When the run came into its state.</param>
/// <param name="ProcessAt">When the process was last looked at.</param>
/// <param name="LastSignAt">When the agent last gave a sign of life; null: never yet.</param>
public sealed record StatusFacts(RunState State, DateTimeOffset StateAt, ProcessFact Process, DateTimeOffset ProcessAt, DateTimeOffset? LastSignAt)
{
    /// <summary>How it ended; set when, and only when, the state is settled.</summary>
    public Ending? Ending { get; init; }

    /// <summary>Approvals and questions that wait for a human, and since when the oldest does.</summary>
    public int Asked { get; init; }

    public DateTimeOffset? AskedAt { get; init; }

    /// <summary>The vendor refuses requests: its words, since when, and until when if it said so. Null once the agent has gone on.</summary>
    public LimitFact? Limit { get; init; }

    /// <summary>Until when a start is put off, since the agent could not take up its conversation before; null when it is not.</summary>
    public DateTimeOffset? StartsAt { get; init; }

    /// <summary>When the running turn was opened; null between turns.</summary>
    public DateTimeOffset? TurnAt { get; init; }

    /// <summary>When the oldest tool call that has not returned was made; null without one.</summary>
    public DateTimeOffset? ToolAt { get; init; }

    /// <summary>What the watchdog has found while all output was read; null while it finds nothing, and for roles without that rule.</summary>
    public SilenceFact? Silence { get; init; }
}

/// <summary>More than half of what is allowed has passed without a sign of life, or with one tool call.</summary>
/// <param name="Since">Since when it has been silent, or the call open.</param>
public sealed record SilenceFact(TimeLimit Limit, DateTimeOffset Since);

public sealed record LimitFact(FailureClass Class, string Text, DateTimeOffset At, DateTimeOffset? ResetsAt);
