using Drover.Server.Journaling;

namespace Drover.Server.Feeding;

internal static class History
{
    /// <summary>A page ends after so many characters of data, so that long texts do not fill the memory.</summary>
    private const int MostCharacters = 2 * 1024 * 1024;

    /// <summary>The most events that one look backwards reads, wanted or not.</summary>
    private const int MostRead = 50_000;

    /// <summary>The last events before a place (null = the present) that the filter wants, in the journal's order. Fewer than the limit when they are long or
    /// rare; none only when there are none within reach.</summary>
    internal static List<EventRow> Last(Db db, Cursor? before, FeedFilter filter, int limit)
    {
        var (read, count, characters) = (0, 0, 0L);
        bool IsEnough(EventRow row)
        {
            if (!filter.Wants(row)) return ++read >= MostRead;
            characters += row.Data.Length;
            return ++count >= limit | ++read >= MostRead | characters >= MostCharacters;
        }

        var seq = before?.Seq ?? long.MaxValue;
        var rows = filter switch
        {
            { Run: { } run } => EventTable.Before(db, run, seq, IsEnough),
            { Ticket: { } ticket } => EventTable.Before(db, ticket, seq, IsEnough),
            _ => EventTable.Before(db, seq, IsEnough),
        };
        rows.RemoveAll(row => !filter.Wants(row));
        rows.Reverse();
        return rows;
    }

    /// <summary>The next events of the file that the filter wants. The cursor goes past those it does not want.</summary>
    internal static FeedPage Page(Db db, Cursor after, FeedFilter filter, int limit)
    {
        var through = EventTable.LastSeq(db);
        var (count, characters) = (0, 0L);
        bool IsFull(EventRow row) => (characters += row.Data.Length) >= MostCharacters | ++count >= limit;
        var rows = filter switch
        {
            { Run: { } run } => EventTable.PageOf(db, run, after.Seq, through, limit, IsFull),
            { Ticket: { } ticket } => EventTable.PageOf(db, ticket, after.Seq, through, limit, IsFull),
            _ => EventTable.Page(db, after.Seq, through, limit, IsFull),
        };
        var more = count >= limit || characters >= MostCharacters;
        return new(rows.FindAll(filter.Wants), new(more ? rows[^1].Seq : Math.Max(through, after.Seq)), more);
    }
}
