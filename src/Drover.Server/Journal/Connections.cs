using Microsoft.Data.Sqlite;

namespace Drover.Server.Journaling;

/// <summary>How the journal's file is opened.</summary>
internal static class Connections
{
    /// <summary>How long another program may hold the file locked, in seconds.</summary>
    private const int BusySeconds = 5;

    /// <summary>With a small cache of its own (KiB): there are several of them, and the operating system keeps the file's pages for all.</summary>
    internal static SqliteConnection ReadOnly(string path) =>
        Open(path, SqliteOpenMode.ReadOnly, "PRAGMA busy_timeout = 5000; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -512");

    /// <summary>Durable at each commit, also through a power loss.</summary>
    internal static SqliteConnection Writing(string path) => Open(path, SqliteOpenMode.ReadWriteCreate, """
        PRAGMA busy_timeout = 5000;
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA journal_size_limit = 67108864;
        PRAGMA fullfsync = ON;
        PRAGMA checkpoint_fullfsync = ON;
        PRAGMA foreign_keys = ON;
        PRAGMA temp_store = MEMORY
        """);

    internal static void Run(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode, string pragmas)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = BusySeconds,
        }.ToString());
        try
        {
            connection.Open();
            connection.Run(pragmas);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
