using Drover.Core;

namespace Drover.Server.Journaling;

/// <param name="VendorId">The agent's own id of the question: what the answer names.</param>
/// <param name="Detail">What is asked, as JSON, as the vendor gave it.</param>
/// <param name="By">Who answered, or let it expire.</param>
internal sealed record ApprovalRow(
    MessageId Id, RunId Run, string VendorId, string Tool, string Detail, ApprovalState State, Principal? By, string? Why,
    DateTimeOffset AskedAt, DateTimeOffset? SettledAt);

internal static class ApprovalTable
{
    private static readonly Sql Columns = new("id, run, vendor_id, tool, detail, state, actor, why, asked_at, settled_at");

    /// <exception cref="ConstraintException">The agent has asked this question before.</exception>
    internal static void Insert(Tx tx, ApprovalRow row) => tx.Execute($"""
        INSERT INTO approvals ({Columns})
        VALUES ({row.Id}, {row.Run}, {row.VendorId}, {row.Tool}, {row.Detail}, {row.State.Word()}, {row.By}, {row.Why}, {row.AskedAt}, {row.SettledAt})
        """);

    internal static ApprovalRow? Get(Db db, MessageId id) => db.One($"SELECT {Columns} FROM approvals WHERE id = {id}", Read);

    internal static ApprovalRow? ByVendorId(Db db, RunId run, string vendorId) =>
        db.One($"SELECT {Columns} FROM approvals WHERE run = {run} AND vendor_id = {vendorId}", Read);

    /// <summary>Oldest first.</summary>
    internal static List<ApprovalRow> Of(Db db, RunId run) => db.All($"SELECT {Columns} FROM approvals WHERE run = {run} ORDER BY asked_at, id", Read);

    /// <summary>What waits for an answer, of all runs, oldest first.</summary>
    internal static List<ApprovalRow> Pending(Db db) => db.All($"SELECT {Columns} FROM approvals WHERE state = 'pending' ORDER BY asked_at, id", Read);

    internal static int CountPending(Db db, RunId run) =>
        checked((int)(db.Number($"SELECT count(*) FROM approvals WHERE run = {run} AND state = 'pending'") ?? 0));

    /// <summary>False when it has been settled already.</summary>
    /// <param name="state">Anything but <see cref="ApprovalState.Pending"/>.</param>
    internal static bool Settle(Tx tx, MessageId id, ApprovalState state, Principal by, string? why) => tx.Execute($"""
        UPDATE approvals SET state = {state.Word()}, actor = {by}, why = {why}, settled_at = {tx.Now} WHERE id = {id} AND state = 'pending'
        """) == 1;

    private static ApprovalRow Read(Row row) => new(
        row.Message(), row.Run(), row.Text(), row.Text(), row.Text(), row.Word<ApprovalState>(), row.PrincipalOrNull(), row.TextOrNull(),
        row.Time(), row.TimeOrNull());
}
