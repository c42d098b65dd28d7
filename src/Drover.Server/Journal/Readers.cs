using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Drover.Server.Journaling;

/// <summary>Read-only connections, kept for the next reader. A reader never waits for the writer and never makes it wait.</summary>
internal sealed class Readers(string path) : IDisposable
{
    /// <summary>How many connections are kept open when nobody reads.</summary>
    private const int MostIdle = 8;

    private readonly ConcurrentBag<Statements> idle = [];
    private volatile bool closed;

    internal T Read<T>(Func<Db, T> query)
    {
        ObjectDisposedException.ThrowIf(closed, this);
        if (!idle.TryTake(out var statements)) statements = new Statements(Connections.ReadOnly(path));
        var sound = false;
        try
        {
            var db = new Db(statements);
            db.Number($"BEGIN");
            var result = query(db);
            db.Number($"COMMIT");
            sound = true;
            return result;
        }
        finally
        {
            if (sound && !closed && idle.Count < MostIdle) idle.Add(statements);
            else Close(statements);
        }
    }

    public void Dispose()
    {
        closed = true;
        while (idle.TryTake(out var statements)) Close(statements);
    }

    private static void Close(Statements statements)
    {
        statements.Dispose();
        statements.Connection.Dispose();
    }
}
