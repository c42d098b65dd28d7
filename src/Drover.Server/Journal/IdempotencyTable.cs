using Drover.Core;

namespace Drover.Server.Journaling;

/// <summary>The answer to a write that named an <c>Idempotency-Key</c>: the same request again gets it again.</summary>
/// <param name="RequestHash">Tells the same request from another one under the same key.</param>
internal sealed record IdempotencyRow(Principal Principal, string Key, string Route, string RequestHash, int Status, string Body, DateTimeOffset At);

internal static class IdempotencyTable
{
    private static readonly Sql Columns = new("principal, key, route, request_hash, status, body, at");

    /// <exception cref="ConstraintException">The key is in use: somebody was faster with the same request.</exception>
    internal static void Insert(Tx tx, IdempotencyRow row) => tx.Execute($"""
        INSERT INTO idempotency ({Columns})
        VALUES ({row.Principal}, {row.Key}, {row.Route}, {row.RequestHash}, {row.Status}, {row.Body}, {row.At})
        """);

    internal static IdempotencyRow? Get(Db db, Principal principal, string key) => db.One(
        $"SELECT {Columns} FROM idempotency WHERE principal = {principal} AND key = {key}", Read);

    internal static int DeleteBefore(Tx tx, DateTimeOffset time) => tx.Execute($"DELETE FROM idempotency WHERE at < {time}");

    private static IdempotencyRow Read(Row row) =>
        new(row.Principal(), row.Text(), row.Text(), row.Text(), row.Int(), row.Text(), row.Time());
}
