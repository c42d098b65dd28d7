using Microsoft.Data.Sqlite;

namespace Drover.Server.Journaling;

/// <summary>A copy of the journal beside the running server: <c>VACUUM INTO</c> reads one consistent state and holds nobody up.</summary>
internal static class Backup
{
    internal static void Make(string journal, string path)
    {
        if (File.Exists(path)) throw new JournalRefusedException($"{path} exists; name a new file for the backup");
        var partial = path + ".partial";
        try
        {
            File.Delete(partial);
            Copy(journal, partial);
            Verify(partial);
            using (var file = new FileStream(partial, FileMode.Open, FileAccess.ReadWrite)) file.Flush(flushToDisk: true);
            File.Move(partial, path, overwrite: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteException)
        {
            TryDelete(partial);
            throw new JournalRefusedException($"the backup {path} could not be made: {e.Message}", e);
        }
    }

    private static void Copy(string journal, string partial)
    {
        using var connection = Connections.ReadOnly(journal);
        using var command = connection.CreateCommand();
        command.CommandText = "VACUUM INTO $path";
        command.CommandTimeout = 0;
        command.Parameters.AddWithValue("$path", partial);
        command.ExecuteNonQuery();
    }

    private static void Verify(string partial)
    {
        using var connection = Connections.ReadOnly(partial);
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        if (command.ExecuteScalar() is not "ok") throw new IOException("the copy is damaged; is the disk sound?");
    }

    private static void TryDelete(string partial)
    {
        try
        {
            File.Delete(partial);
        }
        catch (IOException)
        {
            // Half a copy that cannot be removed either: the first error is what matters.
        }
    }
}
