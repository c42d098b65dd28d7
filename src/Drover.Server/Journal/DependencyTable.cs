using Drover.Core;

namespace Drover.Server.Journaling;

/// <summary>Which ticket waits for which. What holds up the scheduler of it is read by <see cref="BoardTable"/>.</summary>
internal static class DependencyTable
{
    /// <summary>That this closes no circle is for its caller to know, in the same transaction.</summary>
    internal static void Insert(Tx tx, TicketKey ticket, TicketKey dependsOn, Principal by) => tx.Execute($"""
        INSERT INTO ticket_dependencies (ticket, depends_on, created_by, created_at) VALUES ({ticket}, {dependsOn}, {by}, {tx.Now})
        """);

    internal static void Delete(Tx tx, TicketKey ticket, TicketKey dependsOn) => tx.Execute(
        $"DELETE FROM ticket_dependencies WHERE ticket = {ticket} AND depends_on = {dependsOn}");

    /// <summary>Whether another one depends on it.</summary>
    internal static bool IsNeeded(Db db, TicketKey ticket) => db.Number($"SELECT 1 FROM ticket_dependencies WHERE depends_on = {ticket} LIMIT 1") is not null;

    /// <summary>All that a ticket depends on, done or not, oldest ticket first.</summary>
    internal static List<BoardNeed> Of(Db db, TicketKey ticket) => db.All($"""
        SELECT n.depends_on, d.stage FROM ticket_dependencies n JOIN tickets d ON d.key = n.depends_on WHERE n.ticket = {ticket} ORDER BY d.number
        """, row => new BoardNeed(row.Ticket(), row.Word<Stage>()));

    /// <summary>The same of all tickets.</summary>
    internal static ILookup<TicketKey, BoardNeed> All(Db db) => db.All(
        $"SELECT n.ticket, n.depends_on, d.stage FROM ticket_dependencies n JOIN tickets d ON d.key = n.depends_on ORDER BY d.number",
        row => (Ticket: row.Ticket(), Need: new BoardNeed(row.Ticket(), row.Word<Stage>()))).ToLookup(n => n.Ticket, n => n.Need);
}
