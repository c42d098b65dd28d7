using Microsoft.Data.Sqlite;

namespace Drover.Server.Journaling;

/// <summary>All of Drover's memory: one SQLite file in <c>DROVER_HOME</c>, written by one thread, read by anybody.</summary>
internal sealed class Journal : IDisposable
{
    private readonly HomeLock homeLock;
    private readonly Readers readers;
    private readonly Writer writer;

    private Journal(string path, HomeLock homeLock, IReadOnlyList<SchemaStep> steps, TimeProvider time)
    {
        this.homeLock = homeLock;
        Path = path;
        var connection = Connections.Writing(path);
        try
        {
            Migrations.Apply(connection, steps, time);
            readers = new(path);
            writer = Writer.Start(connection, time, events => Committed?.Invoke(events));
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    internal string Path { get; }

    /// <summary>Called on the writer's thread after each commit with its events, ascending. Must neither block nor throw.</summary>
    internal Action<IReadOnlyList<EventRow>>? Committed { get; set; }

    /// <summary>Opens the journal of a home, makes it if there is none, and holds the home until <see cref="Dispose"/>.</summary>
    /// <exception cref="JournalHeldException">Another server has this home.</exception>
    /// <exception cref="JournalRefusedException">The file is of a newer Drover, was altered or is no journal, or SQLite is too old. Nothing was changed.</exception>
    internal static Journal Open(string home, TimeProvider time)
    {
        SystemSqlite.Load();
        HomeLock? homeLock = null;
        try
        {
            Directory.CreateDirectory(home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            homeLock = HomeLock.Take(home);
            var path = System.IO.Path.Combine(home, "drover.db");
            var steps = SchemaStep.Known();
            Migrations.Check(path, steps);
            MakePrivate(path);
            return new(path, homeLock, steps, time);
        }
        catch (Exception e)
        {
            homeLock?.Dispose();
            if (e is IOException or UnauthorizedAccessException or SqliteException or JournalWriteException)
                throw new JournalRefusedException($"the journal in {home} cannot be opened: {e.Message} Check the disk and the directory's owner, or set DROVER_HOME.", e);
            throw;
        }
    }

    /// <summary>Runs a command and answers when it is durable. The command is synchronous: it checks, decides, writes rows and events, and touches nothing else.
    /// What it throws is rethrown here and nothing of it is stored. Commands run in the order in which they are awaited.</summary>
    /// <exception cref="JournalWriteException">The disk failed; nothing is stored.</exception>
    internal Task<T> Do<T>(Priority priority, Func<Tx, T> command) => writer.Do(priority, command);

    internal Task Do(Priority priority, Action<Tx> command) => writer.Do(priority, tx =>
    {
        command(tx);
        return true;
    });

    /// <summary>Runs a query over one consistent state, which holds everything whose <see cref="Do{T}"/> has answered.</summary>
    internal T Read<T>(Func<Db, T> query) => readers.Read(query);

    /// <summary>Writes a whole, checked copy of the journal as it is now, while work goes on. At no time is there half a copy at <paramref name="path"/>.</summary>
    /// <exception cref="JournalRefusedException">There is a file at that path already, or the copy could not be made.</exception>
    internal Task Backup(string path) => Task.Factory.StartNew(
        () => Journaling.Backup.Make(Path, path), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Carries out what is queued, then closes.</summary>
    public void Dispose()
    {
        // The writing connection is closed last: that puts the write-ahead log into the file and removes it.
        readers.Dispose();
        writer.Dispose();
        homeLock.Dispose();
    }

    private static void MakePrivate(string path)
    {
        using var made = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.Read,
            Share = FileShare.ReadWrite,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
    }
}
