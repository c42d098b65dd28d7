using System.Runtime.InteropServices;

namespace Drover.EndToEnd.Killing;

/// <summary>Looks into a journal that no server has open, with the system's SQLite.</summary>
internal sealed partial class Rows : IDisposable
{
    private const string Library = "libsqlite3.so.0";
    private const int Row = 100;

    private readonly nint _database;

    public Rows(string file)
    {
        if (sqlite3_open(file, out _database) != 0) throw new IOException($"{file} cannot be opened");
    }

    /// <summary>The first column of the first row.</summary>
    public string? One(string sql)
    {
        if (sqlite3_prepare_v2(_database, sql, -1, out var statement, 0) != 0) throw new InvalidOperationException($"{sql}: {Marshal.PtrToStringUTF8(sqlite3_errmsg(_database))}");
        try
        {
            return sqlite3_step(statement) == Row ? Marshal.PtrToStringUTF8(sqlite3_column_text(statement, 0)) : null;
        }
        finally
        {
            _ = sqlite3_finalize(statement);
        }
    }

    public void Do(string sql) => _ = One(sql);

    public void Dispose() => _ = sqlite3_close(_database);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int sqlite3_open(string file, out nint database);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int sqlite3_prepare_v2(nint database, string sql, int length, out nint statement, nint tail);

    [LibraryImport(Library)]
    private static partial int sqlite3_step(nint statement);

    [LibraryImport(Library)]
    private static partial nint sqlite3_column_text(nint statement, int column);

    [LibraryImport(Library)]
    private static partial nint sqlite3_errmsg(nint database);

    [LibraryImport(Library)]
    private static partial int sqlite3_finalize(nint statement);

    [LibraryImport(Library)]
    private static partial int sqlite3_close(nint database);
}
