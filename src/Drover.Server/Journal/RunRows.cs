using Drover.Core;

namespace Drover.Server.Journaling;

/// <summary>A run as it is listed and reasoned about. What is long (prompt, settings, checkpoint) is read apart, as <see cref="RunOrder"/> and by
/// <see cref="RunTable.CheckpointOf"/>.</summary>
/// <param name="Worktree">The directory the agent works in.</param>
/// <param name="Base">The commit the run started from.</param>
/// <param name="Parent">The run that asked for it; null for a human.</param>
internal sealed record RunRow(
    RunId Id, ProjectId Project, TicketKey? Ticket, AttemptId? Attempt, Role Role, string Agent, string Adapter, RunName Name, NodeId Node,
    RunId? Parent, RunId? ResumeOf, RunState State, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt,
    bool NoWorktree, bool Cleanup, string? Worktree, CommitSha? Base, string? Model)
{
    /// <summary>The agent's entry in the roster; the agent itself may be one slot of it.</summary>
    public string Entry { get; init; } = Agent;

    /// <summary>Whose login its program uses.</summary>
    public string Account { get; init; } = "user";

    /// <summary>Null until the keeper is known.</summary>
    public ProcessIdentity? Process { get; init; }

    public string? Sandbox { get; init; }

    public Containment? Containment { get; init; }

    /// <summary>How the agent's process ended; the code is null when it is unknown.</summary>
    public RunExit? Exit { get; init; }

    public RunConversation Conversation { get; init; } = new(null, null);

    public RunProgress Progress { get; init; } = new();

    public StopRequest? Stop { get; init; }

    public DateTimeOffset? StopAt { get; init; }

    public Fault? Fault { get; init; }

    /// <summary>When the run was to be finished: no more prompts come.</summary>
    public DateTimeOffset? FinishAt { get; init; }

    /// <summary>Set exactly when the run is settled.</summary>
    public Ending? Ending { get; init; }

    public RunResult Result { get; init; } = new();

    public RunUsage Usage { get; init; } = new(0, 0, 0, 0, null);

    public RunWait Wait { get; init; } = new(null, null, 0, TimeSpan.Zero);

    public SilenceFact? Silence { get; init; }

    /// <summary>When the last look at its process failed; null when it did not.</summary>
    public DateTimeOffset? LookFailedAt { get; init; }

    /// <summary>The vendor's id of the conversation that it is to go on with; null when it has one of its own.</summary>
    public string? ResumeVendorId { get; init; }

    /// <summary>The conversation of which its own is to be a copy; null when it goes on with that itself, or begins one.</summary>
    public MessageId? ForkOf { get; init; }

    /// <summary>Why it began a conversation of its own although it was to go on with an earlier one.</summary>
    public string? FreshReason { get; init; }

    /// <summary>What its agent's next process begins with, while what the former one has left still stands; null when there is nothing to clear away.</summary>
    public Successor? Successor { get; init; }

    /// <summary>Which process of its agent the present one is, from 1.</summary>
    public int ProcessNumber { get; init; } = 1;

    /// <summary>The byte of the spool at which the present process's output begins.</summary>
    public long SpoolStart { get; init; }

    /// <summary>When the agent first took up a prompt, in whichever process.</summary>
    public DateTimeOffset? BegunAt { get; init; }
}

/// <summary>What was ordered, as resolved then: later edits of the configuration do not reach the run.</summary>
/// <param name="Prompt">The exact first prompt; null until it is made.</param>
/// <param name="Settings">The agent's settings as JSON.</param>
/// <param name="Command">Program and arguments of the present process; empty until they are made.</param>
internal sealed record RunOrder(string? Instruction, string? Prompt, string Settings, IReadOnlyList<string> Command)
{
    /// <summary>What the agent's present process is told first in place of <see cref="Prompt"/>, since its conversation holds that already; else null.</summary>
    public string? GoOn { get; init; }

    /// <summary>What the agent's present process is told first; null until it is made.</summary>
    public string? Opening => GoOn ?? Prompt;
}

/// <param name="Id">Drover's own id of the conversation.</param>
internal sealed record RunConversation(MessageId? Id, string? VendorId);

internal sealed record RunExit(int? Code, DateTimeOffset At);

/// <summary>How far the output of a run's agent has been read and its input written; stored together with the events that it comes of.</summary>
internal sealed record RunProgress
{
    /// <summary>Bytes of the spool that are read and stored; always after a whole line.</summary>
    public long Watermark { get; init; }

    /// <summary>Bytes of the agent's input that are stored as frames.</summary>
    public long InputEnd { get; init; }

    public bool InputClosed { get; init; }

    public DateTimeOffset? HandshakeAt { get; init; }

    public MessageId? PromptMessage { get; init; }

    public DateTimeOffset? PromptWrittenAt { get; init; }

    /// <summary>When the agent's present process took up its first prompt.</summary>
    public DateTimeOffset? AcceptedAt { get; init; }

    public bool TurnOpen { get; init; }

    public int OpenTools { get; init; }

    public DateTimeOffset? LastEventAt { get; init; }

    public DateTimeOffset? LimitedUntil { get; init; }

    /// <summary>How long the machine and the server were awake during the run, less what an answer was waited for: what limits count.</summary>
    public TimeSpan Awake { get; init; }

    public int CommitAsks { get; init; }
}

/// <summary>What a run left.</summary>
internal sealed record RunResult
{
    public CommitSha? Head { get; init; }

    public int? Commits { get; init; }

    public int? FilesChanged { get; init; }

    public int? Insertions { get; init; }

    public int? Deletions { get; init; }

    /// <summary>Paths with uncommitted changes.</summary>
    public IReadOnlyList<string> Dirty { get; init; } = [];

    public string? SalvageRef { get; init; }

    /// <summary>The agent's own last words.</summary>
    public string? Summary { get; init; }

    /// <summary>What Drover adds for a human: uncommitted work and where it is kept.</summary>
    public string? Note { get; init; }
}

/// <param name="Until">Null while it does not wait for its vendor.</param>
/// <param name="InARow">Waits that are over, since the agent last got on with its work.</param>
/// <param name="Before">The time of all waits that are over.</param>
internal sealed record RunWait(DateTimeOffset? Until, DateTimeOffset? Since, int InARow, TimeSpan Before);

internal sealed record RunUsage(long Input, long Output, long CacheRead, long CacheWrite, decimal? Usd);
