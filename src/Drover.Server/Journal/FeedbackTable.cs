using Drover.Core;

namespace Drover.Server.Journaling;

/// <summary>What was found wrong with a ticket's work.</summary>
/// <param name="Kind"><c>gate, conflict</c>.</param>
internal sealed record FeedbackRow(TicketKey Ticket, string Kind, string Fingerprint, string Text, DateTimeOffset At);

/// <summary>Findings that send work back. Each is told to the coder once: the schema holds one row for each (ticket, kind, fingerprint).</summary>
internal static class FeedbackTable
{
    /// <summary>False when the same was found before.</summary>
    internal static bool Insert(Tx tx, FeedbackRow row) => tx.Execute($"""
        INSERT INTO feedback (ticket, kind, fingerprint, text, created_at) VALUES ({row.Ticket}, {row.Kind}, {row.Fingerprint}, {row.Text}, {row.At})
        ON CONFLICT (ticket, kind, fingerprint) DO NOTHING
        """) == 1;

    /// <summary>What no run was told yet, oldest first. One whose run never took up its prompt is told again.</summary>
    internal static List<FeedbackRow> Ungiven(Db db, TicketKey ticket) => db.All($"""
        SELECT f.ticket, f.kind, f.fingerprint, f.text, f.created_at FROM feedback f LEFT JOIN runs r ON r.id = f.run
        WHERE f.ticket = {ticket} AND (f.run IS NULL OR r.id IS NULL OR (r.state = 'settled' AND r.begun_at IS NULL)) ORDER BY f.created_at, f.kind
        """, row => new FeedbackRow(row.Ticket(), row.Text(), row.Text(), row.Text(), row.Time()));

    /// <summary>Whether a run was told it and took it up.</summary>
    internal static bool WasTold(Db db, FeedbackRow row) => Ungiven(db, row.Ticket).TrueForAll(f => (f.Kind, f.Fingerprint) != (row.Kind, row.Fingerprint));

    /// <summary>The run is told it with its first prompt.</summary>
    internal static void Give(Tx tx, FeedbackRow row, RunId run) => tx.Execute(
        $"UPDATE feedback SET run = {run} WHERE ticket = {row.Ticket} AND kind = {row.Kind} AND fingerprint = {row.Fingerprint}");
}
