using Drover.Core;

namespace Drover.Server.Journaling;

/// <param name="Why">Why it was refused, or why nobody knows; null otherwise.</param>
/// <param name="FrameEnd">Where its frame ends in the agent's input; null until there is one.</param>
internal sealed record SteerRow(
    MessageId Id, RunId Run, string Text, SteerMode Mode, SteerState State, string? Why, Principal By, long? FrameEnd,
    DateTimeOffset CreatedAt, DateTimeOffset? WrittenAt, DateTimeOffset? SettledAt);

internal static class SteerTable
{
    private static readonly Sql Columns = new("id, run, text, mode, state, why, actor, frame_end, created_at, written_at, settled_at");

    internal static void Insert(Tx tx, SteerRow row) => tx.Execute($"""
        INSERT INTO steers ({Columns})
        VALUES ({row.Id}, {row.Run}, {row.Text}, {row.Mode.Word()}, {row.State.Word()}, {row.Why}, {row.By}, {row.FrameEnd},
            {row.CreatedAt}, {row.WrittenAt}, {row.SettledAt})
        """);

    internal static SteerRow? Get(Db db, MessageId id) => db.One($"SELECT {Columns} FROM steers WHERE id = {id}", Read);

    /// <summary>Oldest first.</summary>
    internal static List<SteerRow> Of(Db db, RunId run) => db.All($"SELECT {Columns} FROM steers WHERE run = {run} ORDER BY created_at, id", Read);

    /// <summary>Queued, or written and not yet read by the agent; oldest first.</summary>
    internal static List<SteerRow> Open(Db db, RunId run) =>
        db.All($"SELECT {Columns} FROM steers WHERE run = {run} AND state IN ('queued', 'written') ORDER BY created_at, id", Read);

    internal static int CountOpen(Db db, RunId run) =>
        checked((int)(db.Number($"SELECT count(*) FROM steers WHERE run = {run} AND state IN ('queued', 'written')") ?? 0));

    /// <summary>Those that the machine has been given and the agent has not read.</summary>
    internal static int CountTaken(Db db, RunId run) =>
        checked((int)(db.Number($"SELECT count(*) FROM steers WHERE run = {run} AND state IN ('queued', 'written') AND taken_at IS NOT NULL") ?? 0));

    /// <summary>Those that no machine has been given yet, oldest first.</summary>
    internal static List<SteerRow> Untaken(Db db, RunId run) =>
        db.All($"SELECT {Columns} FROM steers WHERE run = {run} AND state = 'queued' AND taken_at IS NULL ORDER BY created_at, id", Read);

    /// <summary>The run's machine has it now and writes it when it may; stored together with the machine's state, so that it is given once.</summary>
    internal static bool Taken(Tx tx, MessageId id) =>
        tx.Execute($"UPDATE steers SET taken_at = {tx.Now} WHERE id = {id} AND taken_at IS NULL") == 1;

    /// <summary>The machine that held it is gone and has not written it: the next one is given it. False when it was written.</summary>
    internal static bool GiveBack(Tx tx, MessageId id) => tx.Execute($"UPDATE steers SET taken_at = NULL WHERE id = {id} AND state = 'queued'") == 1;

    /// <param name="frameEnd">Where its frame ends in the agent's input, in bytes.</param>
    internal static bool Written(Tx tx, MessageId id, long frameEnd) => tx.Execute(
        $"UPDATE steers SET state = 'written', frame_end = {frameEnd}, written_at = {tx.Now} WHERE id = {id} AND state = 'queued'") == 1;

    internal static bool Acknowledged(Tx tx, MessageId id) => tx.Execute(
        $"UPDATE steers SET state = 'acknowledged', settled_at = {tx.Now} WHERE id = {id} AND state IN ('queued', 'written')") == 1;

    internal static bool Refused(Tx tx, MessageId id, string why) => tx.Execute(
        $"UPDATE steers SET state = 'refused', why = {why}, settled_at = {tx.Now} WHERE id = {id} AND state IN ('queued', 'written')") == 1;

    /// <summary>It was written, and whether the agent has read it nobody will know: its process, or at least the turn, ended without a word of it.</summary>
    internal static bool Unknown(Tx tx, MessageId id, string why) => tx.Execute(
        $"UPDATE steers SET state = 'unknown', why = {why}, settled_at = {tx.Now} WHERE id = {id} AND state = 'written'") == 1;

    private static SteerRow Read(Row row) => new(
        row.Message(), row.Run(), row.Text(), row.Word<SteerMode>(), row.Word<SteerState>(), row.TextOrNull(), row.Principal(), row.LongOrNull(),
        row.Time(), row.TimeOrNull(), row.TimeOrNull());
}
