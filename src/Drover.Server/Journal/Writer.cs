using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Drover.Server.Journaling;

/// <summary>Whose turn it is when commands queue.</summary>
internal enum Priority
{
    /// <summary>People and the scheduler.</summary>
    Urgent,

    /// <summary>Batches of agents' output.</summary>
    Bulk,
}

/// <summary>The only writing connection and the thread that owns it. Commands run in groups: one transaction, one commit, each command under its own
/// savepoint. What waits costs one disk flush together.</summary>
internal sealed class Writer : IDisposable
{
    private readonly Statements statements;
    private readonly Tx tx;
    private readonly TimeProvider time;
    private readonly Action<IReadOnlyList<EventRow>> publish;
    private readonly CommandQueue queue = new();
    private readonly List<Command> group = [];
    private readonly Thread thread;

    private Writer(SqliteConnection connection, TimeProvider time, Action<IReadOnlyList<EventRow>> publish)
    {
        (this.publish, this.time) = (publish, time);
        statements = new(connection);
        tx = new(statements, time);
        thread = new(Loop) { Name = "journal writer", IsBackground = true };
    }

    internal static Writer Start(SqliteConnection connection, TimeProvider time, Action<IReadOnlyList<EventRow>> publish)
    {
        var writer = new Writer(connection, time, publish);
        writer.thread.Start();
        return writer;
    }

    internal async Task<T> Do<T>(Priority priority, Func<Tx, T> work)
    {
        var command = new Command<T>(work);
        await queue.Add(priority, command).ConfigureAwait(false);
        return await command.Done.ConfigureAwait(false);
    }

    /// <summary>Carries out what is queued, then ends.</summary>
    public void Dispose()
    {
        queue.Close();
        thread.Join();
        statements.Dispose();
        statements.Connection.Dispose();
    }

    private void Loop()
    {
        while (queue.WaitForNext() is { } first) RunGroup_OnWriterThread(first);
    }

    private void RunGroup_OnWriterThread(Command first)
    {
        var started = time.GetTimestamp();
        IReadOnlyList<EventRow> events;
        try
        {
            group.Add(first);
            tx.Execute($"BEGIN IMMEDIATE");
            for (var next = first; next is not null; next = queue.NextOf(group.Count, time.GetElapsedTime(started)))
            {
                if (next != first) group.Add(next);
                RunOne(next);
            }

            tx.StoreLastSeq();
            tx.Execute($"COMMIT");
            events = tx.TakeEmitted();
        }
        catch (Exception e)
        {
            // The transaction as a whole is lost: all of the group hear it, and the next group begins anew.
            RollBackGroup();
            Complete(e as JournalWriteException ?? new JournalWriteException($"the journal could not be written: {e.Message}", e));
            return;
        }

        try
        {
            if (events.Count > 0) publish(events);
        }
        finally
        {
            Complete(null);
        }
    }

    private void RunOne(Command command)
    {
        var mark = tx.Mark();
        tx.Execute($"SAVEPOINT command");
        if (!command.Run(tx))
        {
            // A full disk may have ended the whole transaction under the command: then there is nothing to go back to.
            if (!InTransaction) throw command.Error!;
            tx.Execute($"ROLLBACK TO command");
            tx.BackTo(mark);
        }

        tx.Execute($"RELEASE command");
    }

    private void RollBackGroup()
    {
        tx.BackTo(0);
        try
        {
            if (InTransaction) tx.Execute($"ROLLBACK");
        }
        catch (Exception) when (!InTransaction)
        {
            // SQLite ended the transaction by itself, which is what was wanted.
        }
    }

    private void Complete(JournalWriteException? lost)
    {
        foreach (var command in group) command.Complete(lost);
        group.Clear();
    }

    private bool InTransaction => raw.sqlite3_get_autocommit(statements.Connection.Handle) == 0;
}
