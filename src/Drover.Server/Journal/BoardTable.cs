using Drover.Core;

namespace Drover.Server.Journaling;

/// <summary>What the scheduler looks at, over several tables and no more of each than it needs: it looks often.</summary>
internal static class BoardTable
{
    /// <summary>The last column is what <c>AfterRun</c> judges by: a coder has ended since the ticket came to coding, and neither a move nor another try is written.</summary>
    private static readonly Sql Columns = new("""
        key, project, stage, priority, stage_since,
        CASE WHEN stage = 'coding' AND begins_anew = 0 THEN (
            SELECT r.entry FROM runs r WHERE r.ticket = tickets.key AND r.role = 'coder' AND r.begun_at IS NOT NULL ORDER BY r.created_at DESC, r.id DESC LIMIT 1) END,
        blocked_reason IS NOT NULL, held_by IS NOT NULL, agent, wish_agent, wish_by IS NOT NULL, not_before,
        stage = 'coding' AND not_before IS NULL AND EXISTS (
            SELECT 1 FROM runs r WHERE r.ticket = tickets.key AND r.role = 'coder' AND r.state = 'settled' AND r.ended_at >= tickets.stage_since)
        """);

    /// <summary>The tickets that may need an agent, in no order.</summary>
    internal static List<BoardTicket> Waiting(Db db) => db.All($"""
        SELECT {Columns} FROM tickets
        WHERE stage IN ('ready', 'coding', 'review', 'merging') AND project IN (SELECT id FROM projects WHERE removed_at IS NULL)
        """, Read);

    internal static BoardTicket? Get(Db db, TicketKey key) => db.One($"SELECT {Columns} FROM tickets WHERE key = {key}", Read);

    /// <summary>What is not done of what waiting tickets depend on.</summary>
    internal static ILookup<TicketKey, BoardNeed> Needs(Db db) => db.All($"""
        SELECT n.ticket, n.depends_on, d.stage FROM ticket_dependencies n JOIN tickets t ON t.key = n.ticket JOIN tickets d ON d.key = n.depends_on
        WHERE d.stage <> 'done' AND t.stage IN ('ready', 'coding', 'review', 'merging') ORDER BY d.number
        """, row => (Ticket: row.Ticket(), Need: new BoardNeed(row.Ticket(), row.Word<Stage>()))).ToLookup(n => n.Ticket, n => n.Need);

    internal static List<BoardNeed> Needs(Db db, TicketKey key) => db.All($"""
        SELECT n.depends_on, d.stage FROM ticket_dependencies n JOIN tickets d ON d.key = n.depends_on WHERE n.ticket = {key} AND d.stage <> 'done' ORDER BY d.number
        """, row => new BoardNeed(row.Ticket(), row.Word<Stage>()));

    internal static List<BoardRun> Runs(Db db) => db.All($"SELECT name, project, ticket, role, agent, entry, adapter, account FROM runs WHERE state <> 'settled'",
        row => new BoardRun(new(row.Text()), row.Project(), row.TicketOrNull(), row.Word<Role>(), row.Text(), row.Text(), row.Text(), row.Text()));

    /// <summary>How many tickets are in each of the stages that may have a limit.</summary>
    internal static Dictionary<(ProjectId, Stage), int> InStages(Db db) => db.All(
        $"SELECT project, stage, count(*) FROM tickets WHERE stage IN ('coding', 'review', 'merging') GROUP BY project, stage",
        row => ((row.Project(), row.Word<Stage>()), row.Int())).ToDictionary();

    private static BoardTicket Read(Row row) => new(row.Ticket(), row.Project(), row.Word<Stage>(), row.Int(), row.Time())
    {
        GoesOnWith = row.TextOrNull(),
        Blocked = row.Bool(),
        Held = row.Bool(),
        Prefers = row.TextOrNull(),
        Wish = row.TextOrNull(),
        Asked = row.Bool(),
        NotBefore = row.TimeOrNull(),
        Unanswered = row.Bool(),
    };
}
