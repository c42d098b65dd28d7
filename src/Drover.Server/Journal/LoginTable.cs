using Drover.Core;

namespace Drover.Server.Journaling;

/// <summary>A one-time link that opens the page, or the cookie it is exchanged for.</summary>
internal enum LoginPurpose { Link, Cookie }

internal sealed record LoginRow(string Hash, LoginPurpose Purpose, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? UsedAt);

internal static class LoginTable
{
    private static readonly Sql Columns = new("hash, purpose, created_at, expires_at, used_at");

    internal static void Insert(Tx tx, LoginRow row) => tx.Execute(
        $"INSERT INTO logins ({Columns}) VALUES ({row.Hash}, {row.Purpose.Word()}, {row.CreatedAt}, {row.ExpiresAt}, {row.UsedAt})");

    /// <summary>Spends a link. True once, before it expires.</summary>
    internal static bool UseLink(Tx tx, string hash) => tx.Execute($"""
        UPDATE logins SET used_at = {tx.Now} WHERE hash = {hash} AND purpose = 'link' AND used_at IS NULL AND expires_at > {tx.Now}
        """) == 1;

    internal static LoginRow? Cookie(Db db, string hash, DateTimeOffset now) => db.One(
        $"SELECT {Columns} FROM logins WHERE hash = {hash} AND purpose = 'cookie' AND expires_at > {now}", Read);

    internal static int DeleteExpired(Tx tx) => tx.Execute($"DELETE FROM logins WHERE expires_at <= {tx.Now}");

    private static LoginRow Read(Row row) => new(row.Text(), row.Word<LoginPurpose>(), row.Time(), row.Time(), row.TimeOrNull());
}
