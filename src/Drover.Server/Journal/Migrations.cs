using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Drover.Server.Journaling;

/// <summary>A numbered step of the schema. A step that has shipped is never edited: what is to be different comes as a new one.</summary>
internal sealed record SchemaStep(int Number, string Name, string Sql)
{
    /// <summary>FNV-1a, 64 bits: it finds an edit made by mistake. A cryptographic hash would load OpenSSL and make each start 10 ms longer.</summary>
    internal string Checksum { get; } = Sql.Where(c => c != '\r')
        .Aggregate(0xcbf29ce484222325UL, (hash, c) => unchecked((hash ^ c) * 0x100000001b3UL)).ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>The steps this program knows, from its own resources, ascending.</summary>
    internal static IReadOnlyList<SchemaStep> Known() =>
    [
        .. typeof(SchemaStep).Assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(FromResource),
    ];

    private static SchemaStep FromResource(string resource)
    {
        using var reader = new StreamReader(typeof(SchemaStep).Assembly.GetManifestResourceStream(resource)!);
        return new(int.Parse(resource.AsSpan(0, 3), CultureInfo.InvariantCulture), resource[4..^4], reader.ReadToEnd());
    }
}

/// <summary>Brings a journal's schema up to this program's, and refuses one that this program does not understand.</summary>
internal static class Migrations
{
    private sealed record Applied(long Number, string Name, string Checksum);

    /// <summary>Looks at an existing file without writing to it.</summary>
    /// <exception cref="JournalRefusedException">It is of a newer Drover, its history was altered, or it is no journal.</exception>
    internal static void Check(string path, IReadOnlyList<SchemaStep> known)
    {
        if (!File.Exists(path) || new FileInfo(path).Length == 0) return;
        try
        {
            using var connection = Connections.ReadOnly(path);
            Require(path, AppliedTo(connection), known);
        }
        catch (JournalWriteException e) when (e.InnerException is SqliteException { SqliteErrorCode: raw.SQLITE_NOTADB })
        {
            throw new JournalRefusedException($"{path} is not a database. Move it away, or put a backup in its place. It was not changed.", e);
        }
    }

    /// <summary>Runs the steps that are missing, each in a transaction of its own with its record.</summary>
    internal static void Apply(SqliteConnection connection, IReadOnlyList<SchemaStep> known, TimeProvider time)
    {
        var done = AppliedTo(connection).Count;
        if (done == known.Count) return;
        connection.Run("CREATE TABLE IF NOT EXISTS migrations (number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)");
        foreach (var step in known.Skip(done))
        {
            using var transaction = connection.BeginTransaction();
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = step.Sql;
            command.ExecuteNonQuery();
            command.CommandText = "INSERT INTO migrations (number, name, checksum, applied_at) VALUES ($number, $name, $checksum, $at)";
            command.Parameters.AddWithValue("$number", step.Number);
            command.Parameters.AddWithValue("$name", step.Name);
            command.Parameters.AddWithValue("$checksum", step.Checksum);
            command.Parameters.AddWithValue("$at", time.GetUtcNow().ToUnixTimeMilliseconds());
            command.ExecuteNonQuery();
            transaction.Commit();
        }
    }

    private static void Require(string path, List<Applied> applied, IReadOnlyList<SchemaStep> known)
    {
        for (var i = 0; i < applied.Count; i++)
        {
            var step = applied[i];
            if (i >= known.Count)
            {
                throw new JournalRefusedException(
                    $"{path} was written by a newer Drover (it has schema step {step.Number} '{step.Name}', this one knows {known.Count}). "
                    + "Update Drover, or set DROVER_HOME to another directory. The file was not changed.");
            }

            if (step.Number != known[i].Number || step.Checksum != known[i].Checksum)
            {
                throw new JournalRefusedException(
                    $"schema step {step.Number} '{step.Name}' of {path} is not the one this Drover knows. "
                    + "Use the Drover that wrote it, or put a backup in its place. The file was not changed.");
            }
        }
    }

    private static List<Applied> AppliedTo(SqliteConnection connection)
    {
        using var statements = new Statements(connection);
        var db = new Db(statements);
        var tables = db.All($"SELECT name FROM sqlite_master WHERE type = 'table'", row => row.Text());
        if (tables.Count == 0) return [];
        if (!tables.Contains("migrations"))
            throw new JournalRefusedException($"{connection.DataSource} is a database, but not Drover's. Move it away. It was not changed.");
        return db.All($"SELECT number, name, checksum FROM migrations ORDER BY number", row => new Applied(row.Long(), row.Text(), row.Text()));
    }
}
