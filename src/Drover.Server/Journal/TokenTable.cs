using Drover.Core;

namespace Drover.Server.Journaling;

/// <summary>A token's hash and whom it speaks for. The token itself is nowhere.</summary>
/// <param name="Run">Set exactly for a run's token.</param>
internal sealed record TokenRow(
    string Hash, Principal Principal, IReadOnlyList<string> Scopes, RunId? Run, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt);

internal static class TokenTable
{
    private static readonly Sql Columns = new("hash, kind, principal, scopes, run, created_at, revoked_at");

    internal static void Insert(Tx tx, TokenRow row) => tx.Execute($"""
        INSERT INTO tokens ({Columns})
        VALUES ({row.Hash}, {row.Principal.Kind.Word()}, {row.Principal.Id}, {TextList.Of(row.Scopes)}, {row.Run}, {row.CreatedAt}, {row.RevokedAt})
        """);

    /// <summary>Null also when it has been revoked.</summary>
    internal static TokenRow? Get(Db db, string hash) => db.One($"SELECT {Columns} FROM tokens WHERE hash = {hash} AND revoked_at IS NULL", Read);

    internal static List<TokenRow> List(Db db) => db.All($"SELECT {Columns} FROM tokens WHERE revoked_at IS NULL ORDER BY created_at, hash", Read);

    internal static bool Revoke(Tx tx, string hash) => tx.Execute($"UPDATE tokens SET revoked_at = {tx.Now} WHERE hash = {hash} AND revoked_at IS NULL") == 1;

    /// <summary>How many were revoked.</summary>
    internal static int RevokeOf(Tx tx, RunId run) => tx.Execute($"UPDATE tokens SET revoked_at = {tx.Now} WHERE run = {run} AND revoked_at IS NULL");

    private static TokenRow Read(Row row) =>
        new(row.Text(), new(row.Word<PrincipalKind>(), row.Text()), row.Texts(), row.RunOrNull(), row.Time(), row.TimeOrNull());
}
