using Drover.Core;

namespace Drover.Server.Journaling;

/// <param name="Priority">The smaller, the sooner.</param>
/// <param name="Agent">The agent that is to work on it; null for whichever is free.</param>
internal sealed record TicketRow(
    TicketKey Key, ProjectId Project, string Title, string Body, string Kind, long Priority, string? Agent, Stage Stage, bool Clarified,
    IReadOnlyList<string> Criteria, TicketBlock? Blocked, TicketHold? Held, TicketSource? Source, PullRequest? PullRequest,
    Principal CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public TicketPace Pace { get; init; } = new(CreatedAt, 0, 0, null, false, null);
}

/// <summary>How a ticket gets on.</summary>
/// <param name="Since">Since when it is in its stage.</param>
/// <param name="Retries">Failed runs in a row that were begun again.</param>
/// <param name="Rounds">How often its work was sent back in a row.</param>
/// <param name="NotBefore">No run starts by itself before.</param>
/// <param name="BeginsAnew">The next run begins a conversation of its own.</param>
/// <param name="Wish">What a person asked for while there was no room for it.</param>
internal sealed record TicketPace(DateTimeOffset Since, int Retries, int Rounds, DateTimeOffset? NotBefore, bool BeginsAnew, TicketWish? Wish);

internal sealed record TicketWish(string? Agent, string? Instruction, bool Cleanup, Principal By);

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
        held_reason, held_by, held_at, source_tracker, source_id, source_url, pull_request_number, pull_request_url, created_by, created_at, updated_at,
        stage_since, retries, rounds, not_before, begins_anew, wish_agent, wish_instruction, wish_cleanup, wish_by
        """);

    internal static void Insert(Tx tx, TicketRow row) => tx.Execute($"""
        INSERT INTO tickets ({Columns})
        VALUES ({row.Key}, {row.Project}, {row.Key.Number}, {row.Title}, {row.Body}, {row.Kind}, {row.Priority}, {row.Agent}, {row.Stage.Word()},
            {row.Clarified}, {TextList.Of(row.Criteria)}, {row.Blocked?.Reason}, {row.Blocked?.By}, {row.Blocked?.At},
            {row.Held?.Reason}, {row.Held?.By}, {row.Held?.At}, {row.Source?.Tracker}, {row.Source?.Id}, {row.Source?.Url},
            {row.PullRequest?.Number}, {row.PullRequest?.Url}, {row.CreatedBy}, {row.CreatedAt}, {row.UpdatedAt},
            {row.Pace.Since}, {row.Pace.Retries}, {row.Pace.Rounds}, {row.Pace.NotBefore}, {row.Pace.BeginsAnew}, {row.Pace.Wish?.Agent}, {row.Pace.Wish?.Instruction}, {row.Pace.Wish?.Cleanup ?? false}, {row.Pace.Wish?.By})
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
    internal static bool Move(Tx tx, TicketKey key, Stage from, Stage to) => tx.Execute($"""
        UPDATE tickets SET stage = {to.Word()}, stage_since = {tx.Now}, not_before = NULL, updated_at = {tx.Now} WHERE key = {key} AND stage = {from.Word()}
        """) == 1;

    /// <summary>A run of the same kind starts again by itself then.</summary>
    internal static void Again(Tx tx, TicketKey key, DateTimeOffset at, bool counts, bool anew) => tx.Execute($"""
        UPDATE tickets SET not_before = {at}, retries = retries + {(counts ? 1 : 0)}, begins_anew = {anew}, updated_at = {tx.Now} WHERE key = {key}
        """);

    /// <summary>Its work was sent back.</summary>
    internal static void CountRound(Tx tx, TicketKey key) => tx.Execute($"UPDATE tickets SET rounds = rounds + 1 WHERE key = {key}");

    /// <summary>A run has begun, or the go was taken back: nobody waits any more.</summary>
    internal static void Begun(Tx tx, TicketKey key) => tx.Execute($"""
        UPDATE tickets SET not_before = NULL, begins_anew = 0,
            wish_agent = NULL, wish_instruction = NULL, wish_cleanup = 0, wish_by = NULL WHERE key = {key}
        """);

    /// <summary>A run has ended well: what failed before it does not count any more.</summary>
    internal static void ForgetRetries(Tx tx, TicketKey key) => tx.Execute($"UPDATE tickets SET retries = 0, not_before = NULL WHERE key = {key} AND (retries > 0 OR not_before IS NOT NULL)");

    internal static void SetWish(Tx tx, TicketKey key, TicketWish wish) => tx.Execute($"""
        UPDATE tickets SET wish_agent = {wish.Agent}, wish_instruction = {wish.Instruction}, wish_cleanup = {wish.Cleanup}, wish_by = {wish.By}, updated_at = {tx.Now} WHERE key = {key}
        """);

    /// <summary>False when it is blocked already: the first reason stays.</summary>
    internal static bool Block(Tx tx, TicketKey key, string reason, Principal by) => tx.Execute($"""
        UPDATE tickets SET blocked_reason = {reason}, blocked_by = {by}, blocked_at = {tx.Now}, updated_at = {tx.Now}
        WHERE key = {key} AND blocked_reason IS NULL
        """) == 1;

    internal static bool Unblock(Tx tx, TicketKey key) => tx.Execute($"""
        UPDATE tickets SET blocked_reason = NULL, blocked_by = NULL, blocked_at = NULL, retries = 0, rounds = 0, not_before = NULL, updated_at = {tx.Now}
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
            ReadSource(row), ReadPullRequest(row), row.Principal(), row.Time(), row.Time())
        {
            Pace = new(row.Time(), row.Int(), row.Int(), row.TimeOrNull(), row.Bool(), ReadWish(row)),
        };
    }

    private static TicketWish? ReadWish(Row row) =>
        (row.TextOrNull(), row.TextOrNull(), row.Bool(), row.PrincipalOrNull()) is (var agent, var instruction, var cleanup, { } by) ? new(agent, instruction, cleanup, by) : null;

    private static (string Reason, Principal By, DateTimeOffset At)? ReadFlag(Row row) =>
        (row.TextOrNull(), row.PrincipalOrNull(), row.TimeOrNull()) is ({ } reason, { } by, { } at) ? (reason, by, at) : null;

    private static TicketSource? ReadSource(Row row) =>
        (row.TextOrNull(), row.TextOrNull(), row.TextOrNull()) is ({ } tracker, { } id, var url) ? new(tracker, id, url) : null;

    private static PullRequest? ReadPullRequest(Row row) =>
        (row.LongOrNull(), row.TextOrNull()) is ({ } number, { } url) ? new(number, url) : null;
}
