using Drover.Core;

namespace Drover.Server.Journaling;

/// <param name="VendorId">The agent's own id of the question: what the answer names.</param>
/// <param name="Detail">What is asked, as JSON, as the vendor gave it.</param>
/// <param name="By">Who answered, or let it expire.</param>
internal sealed record ApprovalRow(
    MessageId Id, RunId Run, string VendorId, string Tool, string Detail, ApprovalState State, Principal? By, string? Why,
    DateTimeOffset AskedAt, DateTimeOffset? SettledAt)
{
    public AskedFor What { get; init; } = AskedFor.Unknown;

    /// <summary>How long an answer has been waited for while the machine and the server were awake, as last stored.</summary>
    public TimeSpan Waited { get; init; }

    /// <summary>When the run's machine was given the answer; null while it has not been.</summary>
    public DateTimeOffset? TakenAt { get; init; }

    /// <summary>Where the answer's frame ends in the agent's input; null when there is none.</summary>
    public long? FrameEnd { get; init; }
}

internal static class ApprovalTable
{
    private static readonly Sql Columns = new("""
        id, run, vendor_id, tool, detail, state, actor, why, asked_at, settled_at, kind, command, files, diff, words, is_cut, waited_ms, taken_at, frame_end
        """);

    /// <exception cref="ConstraintException">The agent's question under this id waits for an answer.</exception>
    internal static void Insert(Tx tx, ApprovalRow row) => tx.Execute($"""
        INSERT INTO approvals ({Columns})
        VALUES ({row.Id}, {row.Run}, {row.VendorId}, {row.Tool}, {row.Detail}, {row.State.Word()}, {row.By}, {row.Why}, {row.AskedAt}, {row.SettledAt},
            {row.What.Kind.Word()}, {row.What.Command}, {TextList.Of(row.What.Files)}, {row.What.Diff}, {row.What.Text}, {row.What.IsCut},
            {(long)row.Waited.TotalMilliseconds}, {row.TakenAt}, {row.FrameEnd})
        """);

    internal static ApprovalRow? Get(Db db, MessageId id) => db.One($"SELECT {Columns} FROM approvals WHERE id = {id}", Read);

    /// <summary>The question that waits for an answer under the agent's own id of it. Settled ones may have had the same.</summary>
    internal static ApprovalRow? Pending(Db db, RunId run, string vendorId) =>
        db.One($"SELECT {Columns} FROM approvals WHERE run = {run} AND vendor_id = {vendorId} AND state = 'pending'", Read);

    /// <summary>Oldest first.</summary>
    internal static List<ApprovalRow> Of(Db db, RunId run) => db.All($"SELECT {Columns} FROM approvals WHERE run = {run} ORDER BY asked_at, id", Read);

    /// <summary>What waits for an answer, of all runs, oldest first.</summary>
    internal static List<ApprovalRow> Pending(Db db, int limit) =>
        db.All($"SELECT {Columns} FROM approvals WHERE state = 'pending' ORDER BY asked_at, id LIMIT {limit}", Read);

    /// <summary>Those whose id begins so, settled ones too.</summary>
    internal static List<ApprovalRow> Beginning(Db db, string text, int limit) =>
        db.All($"SELECT {Columns} FROM approvals WHERE substr(id, 1, {text.Length}) = {text} ORDER BY asked_at, id LIMIT {limit}", Read);

    /// <summary>What waits for an answer, of one run, oldest first.</summary>
    internal static List<ApprovalRow> Pending(Db db, RunId run) =>
        db.All($"SELECT {Columns} FROM approvals WHERE run = {run} AND state = 'pending' ORDER BY asked_at, id", Read);

    internal static int CountPending(Db db) => checked((int)(db.Number($"SELECT count(*) FROM approvals WHERE state = 'pending'") ?? 0));

    internal static int CountPending(Db db, RunId run) =>
        checked((int)(db.Number($"SELECT count(*) FROM approvals WHERE run = {run} AND state = 'pending'") ?? 0));

    /// <summary>Answers that the run's machine has not been given yet, oldest first.</summary>
    internal static List<ApprovalRow> Untaken(Db db, RunId run) => db.All(
        $"SELECT {Columns} FROM approvals WHERE run = {run} AND state <> 'pending' AND taken_at IS NULL ORDER BY settled_at, id", Read);

    /// <summary>The one decision on a question. False when it has been settled already: whoever comes second changes nothing.</summary>
    /// <param name="state">Anything but <see cref="ApprovalState.Pending"/>.</param>
    internal static bool Settle(Tx tx, MessageId id, ApprovalState state, Principal by, string? why) => tx.Execute($"""
        UPDATE approvals SET state = {state.Word()}, actor = {by}, why = {why}, settled_at = {tx.Now} WHERE id = {id} AND state = 'pending'
        """) == 1;

    /// <summary>The run's machine has the answer; stored together with the machine's state and the frame, so that it is given once.</summary>
    /// <param name="frameEnd">Where the frame ends in the agent's input; null when the machine made none, since nobody waited for it any more.</param>
    internal static bool Taken(Tx tx, MessageId id, long? frameEnd) => tx.Execute(
        $"UPDATE approvals SET taken_at = {tx.Now}, frame_end = {frameEnd} WHERE id = {id} AND state <> 'pending' AND taken_at IS NULL") == 1;

    /// <summary>Answers under that id which the machine has not been given are for nobody any more: it is never given them.</summary>
    internal static void LeaveUntaken(Tx tx, RunId run, string vendorId) => tx.Execute(
        $"UPDATE approvals SET taken_at = {tx.Now} WHERE run = {run} AND vendor_id = {vendorId} AND state <> 'pending' AND taken_at IS NULL");

    internal static bool RecordWaited(Tx tx, MessageId id, TimeSpan waited) =>
        tx.Execute($"UPDATE approvals SET waited_ms = {(long)waited.TotalMilliseconds} WHERE id = {id} AND state = 'pending'") == 1;

    private static ApprovalRow Read(Row row)
    {
        var asked = new ApprovalRow(
            row.Message(), row.Run(), row.Text(), row.Text(), row.Text(), row.Word<ApprovalState>(), row.PrincipalOrNull(), row.TextOrNull(),
            row.Time(), row.TimeOrNull());
        // An initializer runs in the order in which it is written, which is the order of the columns.
        return asked with
        {
            What = AskedFor.Restored(row.Word<AskedKind>(), row.TextOrNull(), row.Texts(), row.TextOrNull(), row.TextOrNull(), row.Bool()),
            Waited = TimeSpan.FromMilliseconds(row.Long()),
            TakenAt = row.TimeOrNull(),
            FrameEnd = row.LongOrNull(),
        };
    }
}
