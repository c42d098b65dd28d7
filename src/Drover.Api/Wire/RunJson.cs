namespace Drover.Api;

/// <summary>One execution of an agent. Lists leave out <see cref="Prompt"/>, <see cref="CommandLine"/> and <see cref="Messages"/>.</summary>
/// <param name="State"><c>reserved, preparing, starting, live, stopping, settled</c>.</param>
/// <param name="Status">Derived from facts: <c>lost, stopped, interrupted, failed, succeeded, stopping, unknown, needs_input, limited, stuck,
/// starting, working, idle</c>.</param>
/// <param name="Evidence">What the status rests on, as a sentence.</param>
/// <param name="Since">Since when it is so.</param>
/// <param name="Outcome">Null until settled: <c>succeeded, failed, interrupted, stopped, lost</c>.</param>
/// <param name="Class">Why it failed: <c>auth, rate_limit, … other</c>.</param>
/// <param name="Actor">Who ended it, as <c>kind:id</c>.</param>
/// <param name="Prompt">The exact first prompt.</param>
/// <param name="CommandLine">The agent's arguments, secrets masked.</param>
public sealed record RunJson(
    string Id, string Name, string Project, string? Ticket, string? Attempt, string Role, string Agent, string State, string Status, string Evidence, DateTimeOffset Since,
    string? Outcome, string? Class, string? Reason, string? Actor, DateTimeOffset? RetryAt, string? Conversation, string? Model,
    string? Worktree, string? Branch, string? Base, string? Head, string? Summary, string? Note, SettledWorkJson? Work, UsageJson Usage,
    string? Containment, string? Sandbox, string? Prompt, IReadOnlyList<string>? CommandLine,
    DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt)
{
    /// <summary>The run that it goes on with; null for one that goes on with none.</summary>
    public string? ResumeOf { get; init; }

    /// <summary>The conversation of that run of which its own is a copy; null for one that goes on with it, or began anew.</summary>
    public string? ForkOf { get; init; }

    /// <summary>What is wrong with the newest <c>drover.yaml</c> while the run is started with an earlier one; only in the answer to its start.</summary>
    public string? Warning { get; init; }

    /// <summary>Why it began a conversation of its own although it was to go on with another run's; null otherwise.</summary>
    public string? FreshReason { get; init; }

    /// <summary>Until when it waits, for its vendor or with its start, as the evidence says; null when it does not.</summary>
    public DateTimeOffset? WaitingUntil { get; init; }

    /// <summary>What was said to it while it was live, oldest first. Lists leave it out.</summary>
    public IReadOnlyList<SteerJson>? Messages { get; init; }

    /// <summary>Oldest first; only where a single run is shown.</summary>
    public IReadOnlyList<TurnJson>? Turns { get; init; }
}

/// <summary>One prompt until the agent rests.</summary>
/// <param name="Outcome">Null while it is open: <c>succeeded, failed, interrupted</c>.</param>
public sealed record TurnJson(
    int Number, DateTimeOffset OpenedAt, DateTimeOffset? EndedAt, string? Outcome, string? Class, string? Reason, string? Model, UsageJson Usage);

/// <summary>What a run left in its worktree when it settled.</summary>
public sealed record SettledWorkJson(int Commits, int Files, int Insertions, int Deletions, IReadOnlyList<string> Uncommitted);

/// <summary>Tokens and what they cost.</summary>
/// <param name="Input">Without those of the vendor's cache.</param>
/// <param name="Usd">US dollars; null when nobody knows.</param>
/// <param name="Basis"><c>reported</c> (all of it by the vendor), <c>estimated</c> (all or some of it by the machine's table of prices), <c>unknown</c>.</param>
/// <param name="Reported">The part that vendors reported.</param>
/// <param name="Estimated">The part that was estimated, for turns whose vendor named no cost.</param>
/// <param name="Partial">Some tokens are in neither part.</param>
public sealed record UsageJson(
    long Input, long Output, long CacheRead, long CacheWrite, decimal? Usd, string Basis, decimal? Reported, decimal? Estimated, bool Partial);

/// <summary>What starts a run.</summary>
/// <param name="Agent">An agent of the project's roster; without one Drover picks.</param>
/// <param name="Instruction">Words that follow the ticket in the first prompt.</param>
/// <param name="NoWorktree">The agent works in the user's own checkout: no branch, no landing, no clean-up.</param>
/// <param name="Cleanup">Worktree and branch go once the run has settled; unlanded work is salvaged first.</param>
public sealed record StartRunJson(string? Ticket, string? Agent, string? Role, string? Instruction, bool NoWorktree = false, bool Cleanup = false);

/// <summary>What became of a start: a run, or a place in the queue.</summary>
/// <param name="Run">The reserved run; null when the ticket waits.</param>
/// <param name="Queued">Null when a run was reserved.</param>
public sealed record StartedJson(RunJson? Run, QueuedJson? Queued);

/// <summary>A start that will be made by itself when what it waits for has happened.</summary>
/// <param name="Cause"><c>named_busy, preferred_busy, all_busy, at_cap, dependencies, delay, circuit, closed, settling</c>.</param>
/// <param name="Text">The same for a human, with what would change it.</param>
/// <param name="Until">When, if that is known.</param>
public sealed record QueuedJson(string Ticket, string Cause, string Text, DateTimeOffset? Until);

/// <param name="Mode"><c>now, next, interrupt</c>; <c>next</c> when null.</param>
public sealed record SayJson(string? Text, string? Mode);

/// <summary>What goes on with a settled run.</summary>
/// <param name="Text">What is said to the agent; without it, to go on, or to review and improve the work.</param>
/// <param name="Agent">Another agent of the project's roster; without one the same.</param>
/// <param name="Fork">With a copy of the conversation: that one stays as it is and can be gone on with again.</param>
public sealed record ContinueRunJson(string? Text, string? Agent, bool Fork = false);

/// <summary>A message to a live run.</summary>
/// <param name="State"><c>queued, written, acknowledged, refused, unknown</c>.</param>
/// <param name="Why">Why it was refused, or why nobody knows whether it was read.</param>
public sealed record SteerJson(string Id, string Run, string Mode, string State, string? Why)
{
    /// <summary>At most 4,096 characters of it.</summary>
    public string Text { get; init; } = "";

    /// <summary>Who said it, as <c>kind:id</c>.</summary>
    public string By { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it came into the agent's input.</summary>
    public DateTimeOffset? WrittenAt { get; init; }

    /// <summary>When it was acknowledged, refused, or became unknown.</summary>
    public DateTimeOffset? SettledAt { get; init; }

    /// <summary>What of the wanted mode this run's agent cannot do; only in the answer to the message.</summary>
    public string? Note { get; init; }
}

/// <param name="Removed">False when there was no such run.</param>
public sealed record RemovedJson(string Run, bool Removed);

/// <param name="Commits">How many the branch has beyond its base; null when its worktree is gone.</param>
/// <param name="Patch">The unified diff against the attempt's base.</param>
public sealed record DiffJson(
    string Attempt, string Base, string? Head, int? Commits, int Files, int Insertions, int Deletions, IReadOnlyList<string> Uncommitted, string Patch, bool Truncated);

/// <summary>A human's word on a ticket's work.</summary>
/// <param name="Head">The commit that was read, whole or its beginning: refused when the branch has moved on since. Null: whatever it is now.</param>
public sealed record DecideJson(string? Head);

/// <summary>The way of a ticket's work to the target branch.</summary>
/// <param name="State">How far the landing has come.</param>
public sealed record LandingJson(string Ticket, string? Attempt, string State, string? Commit, string? Reason);
