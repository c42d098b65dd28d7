using Drover.Core;

namespace Drover.Server.Journaling;

/// <param name="Priority">The smaller, the sooner.</param>
/// <param name="Agent">The agent that is to work on it; null for whichever is free.</param>
internal sealed record TicketRow(
    TicketKey Key, ProjectId Project, string Title, string Body, string Kind, long Priority, string? Agent, Stage Stage, bool Clarified,
    IReadOnlyList<string> Criteria, TicketBlock? Blocked, TicketHold? Held, TicketSource? Source, PullRequest? PullRequest,
    Principal CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

internal sealed record TicketBlock(string Reason, Principal By, DateTimeOffset At);

internal sealed record TicketHold(string Reason, Principal By, DateTimeOffset At);

/// <summary>Where a ticket came from.</summary>
internal sealed record TicketSource(string Tracker, string Id, string? Url);

internal sealed record PullRequest(long Number, string Url);

/// <summary>What a user writes of a ticket.</summary>
internal sealed record TicketText(string Title, string Body, string Kind, long Priority, string? Agent, IReadOnlyList<string> Criteria);

internal static class TicketTable
{
    private static readonly Sql Columns = new("""
        key, project, number, title, body, kind, priority, agent, stage, clarified, criteria, blocked_reason, blocked_by, blocked_at,
        held_reason, held_by, held_at, source_tracker, source_id, source_url, pull_request_number, pull_request_url, created_by, created_at, updated_at
        """);

    internal static void Insert(Tx tx, TicketRow row) => tx.Execute($"""
        INSERT INTO tickets ({Columns})
        VALUES ({row.Key}, {row.Project}, {row.Key.Number}, {row.Title}, {row.Body}, {row.Kind}, {row.Priority}, {row.Agent}, {row.Stage.Word()},
            {row.Clarified}, {TextList.Of(row.Criteria)}, {row.Blocked?.Reason}, {row.Blocked?.By}, {row.Blocked?.At},
            {row.Held?.Reason}, {row.Held?.By}, {row.Held?.At}, {row.Source?.Tracker}, {row.Source?.Id}, {row.Source?.Url},
            {row.PullRequest?.Number}, {row.PullRequest?.Url}, {row.CreatedBy}, {row.CreatedAt}, {row.UpdatedAt})
        """);

    internal static TicketRow? Get(Db db, TicketKey key) => db.One($"SELECT {Columns} FROM tickets WHERE key = {key}", Read);

    /// <summary>Newest first.</summary>
    internal static List<TicketRow> List(Db db, ProjectId project, int limit) =>
        db.All($"SELECT {Columns} FROM tickets WHERE project = {project} ORDER BY number DESC LIMIT {limit}", Read);

    /// <summary>Of all projects, newest first.</summary>
    internal static List<TicketRow> List(Db db, int limit) =>
        db.All($"SELECT {Columns} FROM tickets ORDER BY created_at DESC, number DESC LIMIT {limit}", Read);

    /// <summary>Most urgent first, then oldest first.</summary>
    internal static List<TicketRow> InStage(Db db, Stage stage) =>
        db.All($"SELECT {Columns} FROM tickets WHERE stage = {stage.Word()} ORDER BY priority, created_at, number", Read);

    /// <summary>What a human has to look at: blocked tickets, and tested work that waits for somebody. Most urgent first.</summary>
    internal static List<TicketRow> Attention(Db db, int limit) => db.All($"""
        SELECT {Columns} FROM tickets
        WHERE stage IN ('backlog', 'ready', 'coding', 'review', 'merging') AND held_by IS NULL AND (blocked_reason IS NOT NULL
            OR (stage = 'merging' AND EXISTS (SELECT 1 FROM landings l WHERE l.ticket = tickets.key AND l.state = 'tested' AND l.reason IS NOT NULL)))
        ORDER BY priority, created_at, number LIMIT {limit}
        """, Read);

    /// <summary>Of a project (null = of all) in a stage: most urgent first, then oldest first; what is over, latest first.</summary>
    internal static List<TicketRow> InStage(Db db, ProjectId? project, Stage stage, int limit)
    {
        var order = new Sql(stage.IsFinal() ? "updated_at DESC, number DESC" : "priority, created_at, number");
        return project is { } one
            ? db.All($"SELECT {Columns} FROM tickets WHERE project = {one} AND stage = {stage.Word()} ORDER BY {order} LIMIT {limit}", Read)
            : db.All($"SELECT {Columns} FROM tickets WHERE stage = {stage.Word()} ORDER BY {order} LIMIT {limit}", Read);
    }

    /// <summary>How many tickets a project has in each stage that holds any.</summary>
    internal static Dictionary<Stage, long> Counts(Db db, ProjectId project) => db.All(
        $"SELECT stage, count(*) FROM tickets WHERE project = {project} GROUP BY stage", row => (row.Word<Stage>(), row.Long())).ToDictionary();

    internal static bool Edit(Tx tx, TicketKey key, TicketText text) => tx.Execute($"""
        UPDATE tickets SET title = {text.Title}, body = {text.Body}, kind = {text.Kind}, priority = {text.Priority}, agent = {text.Agent},
            criteria = {TextList.Of(text.Criteria)}, updated_at = {tx.Now} WHERE key = {key}
        """) == 1;

    /// <summary>False when the ticket is not in the stage that was expected.</summary>
    internal static bool Move(Tx tx, TicketKey key, Stage from, Stage to) =>
        tx.Execute($"UPDATE tickets SET stage = {to.Word()}, updated_at = {tx.Now} WHERE key = {key} AND stage = {from.Word()}") == 1;

    /// <summary>False when it is blocked already: the first reason stays.</summary>
    internal static bool Block(Tx tx, TicketKey key, string reason, Principal by) => tx.Execute($"""
        UPDATE tickets SET blocked_reason = {reason}, blocked_by = {by}, blocked_at = {tx.Now}, updated_at = {tx.Now}
        WHERE key = {key} AND blocked_reason IS NULL
        """) == 1;

    internal static bool Unblock(Tx tx, TicketKey key) => tx.Execute($"""
        UPDATE tickets SET blocked_reason = NULL, blocked_by = NULL, blocked_at = NULL, updated_at = {tx.Now}
        WHERE key = {key} AND blocked_reason IS NOT NULL
        """) == 1;

    internal static bool Hold(Tx tx, TicketKey key, string reason, Principal by) => tx.Execute($"""
        UPDATE tickets SET held_reason = {reason}, held_by = {by}, held_at = {tx.Now}, updated_at = {tx.Now} WHERE key = {key} AND held_by IS NULL
        """) == 1;

    internal static bool Release(Tx tx, TicketKey key) => tx.Execute($"""
        UPDATE tickets SET held_reason = NULL, held_by = NULL, held_at = NULL, updated_at = {tx.Now} WHERE key = {key} AND held_by IS NOT NULL
        """) == 1;

    private static TicketRow Read(Row row)
    {
        var (key, project, _) = (row.Ticket(), row.Project(), row.Long());
        return new(key, project, row.Text(), row.Text(), row.Text(), row.Long(), row.TextOrNull(), row.Word<Stage>(), row.Bool(), row.Texts(),
            ReadFlag(row) is { } block ? new(block.Reason, block.By, block.At) : null,
            ReadFlag(row) is { } hold ? new(hold.Reason, hold.By, hold.At) : null,
            ReadSource(row), ReadPullRequest(row), row.Principal(), row.Time(), row.Time());
    }

    private static (string Reason, Principal By, DateTimeOffset At)? ReadFlag(Row row) =>
        (row.TextOrNull(), row.PrincipalOrNull(), row.TimeOrNull()) is ({ } reason, { } by, { } at) ? (reason, by, at) : null;

    private static TicketSource? ReadSource(Row row) =>
        (row.TextOrNull(), row.TextOrNull(), row.TextOrNull()) is ({ } tracker, { } id, var url) ? new(tracker, id, url) : null;

    private static PullRequest? ReadPullRequest(Row row) =>
        (row.LongOrNull(), row.TextOrNull()) is ({ } number, { } url) ? new(number, url) : null;
}
