using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Drover.Server.Journaling;

/// <summary>SQLite's errors in the journal's words.</summary>
internal static class Trouble
{
    internal static Exception Of(SqliteException e) => e.SqliteErrorCode switch
    {
        raw.SQLITE_CONSTRAINT => new ConstraintException(raw.sqlite3_errstr(e.SqliteExtendedErrorCode).utf8_to_string() + ": " + e.Message, e),
        raw.SQLITE_FULL => new JournalWriteException("the disk that holds the journal is full: nothing was stored. Free some space; Drover goes on by itself.", e),
        raw.SQLITE_IOERR or raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_NOMEM =>
            new JournalWriteException($"the journal could not be written ({e.Message}): nothing was stored. `drover doctor` looks at the disk.", e),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED =>
            new JournalWriteException("another program holds the journal locked: nothing was stored. Close what has drover.db open.", e),
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB =>
            new JournalWriteException($"drover.db is damaged ({e.Message}). Stop the server and put a backup in its place.", e),
        _ => new InvalidOperationException($"the journal's SQL is wrong: {e.Message}", e),
    };
}
