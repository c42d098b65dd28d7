namespace Drover.Api;

/// <param name="Key">The ticket's name, <c>APP-12</c>.</param>
/// <param name="Stage"><c>backlog, ready, coding, review, merging, done, cancelled</c>.</param>
/// <param name="Criteria">What must be true for the ticket to count as done, one sentence each.</param>
/// <param name="Blocked">The reason when the ticket is blocked.</param>
/// <param name="Held">Who holds the ticket and why.</param>
/// <param name="DependsOn">The tickets that are to be done before its work begins by itself, oldest first.</param>
public sealed record TicketJson(
    string Key, string Project, string Title, string Body, string Kind, int Priority, IReadOnlyList<string> Criteria,
    string Stage, string? Blocked, HeldJson? Held, string? Agent, IReadOnlyList<DependencyJson> DependsOn,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    /// <summary>What has been done on it; only where a single ticket is shown.</summary>
    public TicketWorkJson? Work { get; init; }
}

/// <param name="Attempts">Oldest first.</param>
/// <param name="Runs">Newest first.</param>
/// <param name="Landing">The newest one; null before the first.</param>
/// <param name="Gates">The newest result of each gate on the tree of that landing.</param>
/// <param name="Usage">Of all runs together.</param>
public sealed record TicketWorkJson(
    IReadOnlyList<AttemptJson> Attempts, IReadOnlyList<RunLineJson> Runs, LandingJson? Landing, IReadOnlyList<GateResultJson> Gates, UsageJson Usage);

/// <summary>One line of work on a ticket.</summary>
/// <param name="Worktree">Null once it is removed.</param>
/// <param name="WorktreeState"><c>none, making, made, removing, removed</c>.</param>
/// <param name="Head">The branch's commit as last looked at.</param>
public sealed record AttemptJson(
    string Id, string Branch, string? Worktree, string WorktreeState, string? Base, string? Head, DateTimeOffset CreatedAt,
    DateTimeOffset? LandedAt, DateTimeOffset? ClosedAt, string? CloseReason);

/// <summary>What a gate said of a tree.</summary>
/// <param name="ExitCode">Null when it had no ending of its own.</param>
/// <param name="Output">The end of what it wrote.</param>
public sealed record GateResultJson(string Gate, bool Passed, int? ExitCode, long Milliseconds, string Tree, string Output, DateTimeOffset At);

/// <summary>A ticket that another one depends on.</summary>
/// <param name="Stage">Where it is; it is waited for until that is <c>done</c>.</param>
public sealed record DependencyJson(string Ticket, string Stage);

public sealed record HeldJson(string By, string Reason);

/// <summary>What files a ticket. The project is named, or found from a directory inside its repository.</summary>
public sealed record NewTicketJson(
    string? Project, string? Directory, string? Title, string? Body, string? Kind, int? Priority, IReadOnlyList<string>? Criteria, string? Agent)
{
    /// <summary>Keys of tickets of the same project that are to be done first.</summary>
    public IReadOnlyList<string>? DependsOn { get; init; }
}

/// <summary>What changes about a ticket; null leaves a field as it is, an empty <see cref="Agent"/> takes the wish away.</summary>
public sealed record TicketChangeJson(
    string? Title, string? Body, string? Kind, int? Priority, IReadOnlyList<string>? Criteria, string? Agent)
{
    /// <summary>Keys of tickets that are to be done first, beside those it depends on already.</summary>
    public IReadOnlyList<string>? DependsOn { get; init; }

    /// <summary>Keys of tickets that it does not depend on any more.</summary>
    public IReadOnlyList<string>? IndependentOf { get; init; }
}

public sealed record MoveJson(string? Stage);

/// <summary>Why somebody holds, blocks, cancels or stops something.</summary>
public sealed record ReasonJson(string? Reason);

/// <summary>What keeps a ticket where it is.</summary>
/// <param name="Code">Stable: <c>backlog, ready, held, blocked, coding, review, merging, done, cancelled …</c>.</param>
/// <param name="Text">The same for a human, with what would move it on.</param>
public sealed record WhyJson(string Ticket, string Stage, string Code, string Text);
