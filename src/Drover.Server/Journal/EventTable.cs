using Drover.Core;

namespace Drover.Server.Journaling;

internal static class EventTable
{
    private static readonly Sql Columns = new("seq, type, project, ticket, run, actor, at, data");

    /// <summary>Only <see cref="Tx.Emit"/> calls this: it gives the number.</summary>
    internal static void Insert(Tx tx, EventRow row) => tx.Execute($"""
        INSERT INTO events ({Columns})
        VALUES ({row.Seq}, {row.Type}, {row.About.Project}, {row.About.Ticket}, {row.About.Run}, {row.Actor}, {row.At}, {row.Data})
        """);

    /// <summary>The events with after &lt; seq ≤ through, ascending, at most <paramref name="limit"/>; fewer when it is enough before.</summary>
    internal static List<EventRow> Page(Db db, long after, long through, int limit, Func<EventRow, bool> enough) => db.Until(
        $"SELECT {Columns} FROM events WHERE seq > {after} AND seq <= {through} ORDER BY seq LIMIT {limit}", Read, enough);

    internal static List<EventRow> PageOf(Db db, RunId run, long after, long through, int limit, Func<EventRow, bool> enough) => db.Until(
        $"SELECT {Columns} FROM events WHERE run = {run} AND seq > {after} AND seq <= {through} ORDER BY seq LIMIT {limit}", Read, enough);

    internal static List<EventRow> PageOf(Db db, TicketKey ticket, long after, long through, int limit, Func<EventRow, bool> enough) => db.Until(
        $"SELECT {Columns} FROM events WHERE ticket = {ticket} AND seq > {after} AND seq <= {through} ORDER BY seq LIMIT {limit}", Read, enough);

    /// <summary>The events before a number, the newest first, until it is enough.</summary>
    internal static List<EventRow> Before(Db db, long seq, Func<EventRow, bool> enough) => db.Until(
        $"SELECT {Columns} FROM events WHERE seq < {seq} ORDER BY seq DESC", Read, enough);

    internal static List<EventRow> Before(Db db, RunId run, long seq, Func<EventRow, bool> enough) => db.Until(
        $"SELECT {Columns} FROM events WHERE run = {run} AND seq < {seq} ORDER BY seq DESC", Read, enough);

    internal static List<EventRow> Before(Db db, TicketKey ticket, long seq, Func<EventRow, bool> enough) => db.Until(
        $"SELECT {Columns} FROM events WHERE ticket = {ticket} AND seq < {seq} ORDER BY seq DESC", Read, enough);

    /// <summary>The run's newest events, oldest of them first.</summary>
    internal static List<EventRow> Last(Db db, RunId run, int limit)
    {
        var rows = db.All($"SELECT {Columns} FROM events WHERE run = {run} ORDER BY seq DESC LIMIT {limit}", Read);
        rows.Reverse();
        return rows;
    }

    /// <summary>The highest number that was ever given out, also when its event is gone. 0 in an empty journal.</summary>
    internal static long LastSeq(Db db) =>
        db.Number($"SELECT max(n) FROM (SELECT value AS n FROM counters WHERE name = 'events' UNION ALL SELECT max(seq) FROM events) AS numbers") ?? 0;

    internal static void StoreLastSeq(Tx tx, long seq) => tx.Execute($"UPDATE counters SET value = {seq} WHERE name = 'events'");

    /// <summary>Every event after this number is kept.</summary>
    internal static long PrunedThrough(Db db) => db.Number($"SELECT value FROM counters WHERE name = 'events_pruned'") ?? 0;

    /// <summary>Deletes the events up to a number, at most <paramref name="limit"/> at once, so that nobody waits long. Their numbers never come again.</summary>
    /// <returns>How many were deleted; fewer than the limit when it is done.</returns>
    internal static int Prune(Tx tx, long through, int limit)
    {
        var end = tx.Number($"SELECT max(seq) FROM (SELECT seq FROM events WHERE seq <= {through} ORDER BY seq LIMIT {limit}) AS oldest");
        if (end is not { } last) return 0;
        tx.Execute($"UPDATE counters SET value = {last} WHERE name = 'events_pruned' AND value < {last}");
        return tx.Execute($"DELETE FROM events WHERE seq <= {last}");
    }

    private static EventRow Read(Row row)
    {
        var (seq, type) = (row.Long(), row.Text());
        var about = new Subject(row.ProjectOrNull(), row.TicketOrNull(), row.RunOrNull());
        return new(seq, type, about, row.Principal(), row.Time(), row.Text());
    }
}
