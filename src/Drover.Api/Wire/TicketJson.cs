namespace Drover.Api;

/// <param name="Key">The ticket's name, <c>APP-12</c>.</param>
/// <param name="Stage"><c>backlog, ready, coding, review, merging, done, cancelled</c>.</param>
/// <param name="Criteria">What must be true for the ticket to count as done, one sentence each.</param>
/// <param name="Blocked">The reason when the ticket is blocked.</param>
/// <param name="Held">Who holds the ticket and why.</param>
public sealed record TicketJson(
    string Key, string Project, string Title, string Body, string Kind, int Priority, IReadOnlyList<string> Criteria,
    string Stage, string? Blocked, HeldJson? Held, string? Agent, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

public sealed record HeldJson(string By, string Reason);

/// <summary>What files a ticket. The project is named, or found from a directory inside its repository.</summary>
public sealed record NewTicketJson(
    string? Project, string? Directory, string? Title, string? Body, string? Kind, int? Priority, IReadOnlyList<string>? Criteria, string? Agent);

/// <summary>What changes about a ticket; null leaves a field as it is, an empty <see cref="Agent"/> takes the wish away.</summary>
public sealed record TicketChangeJson(
    string? Title, string? Body, string? Kind, int? Priority, IReadOnlyList<string>? Criteria, string? Agent);

public sealed record MoveJson(string? Stage);

/// <summary>Why somebody holds, blocks, cancels or stops something.</summary>
public sealed record ReasonJson(string? Reason);

/// <summary>What keeps a ticket where it is.</summary>
/// <param name="Code">Stable: <c>backlog, ready, held, blocked, coding, review, merging, done, cancelled …</c>.</param>
/// <param name="Text">The same for a human, with what would move it on.</param>
public sealed record WhyJson(string Ticket, string Stage, string Code, string Text);
