using System.Diagnostics;
using Drover.Bench.Places;
using Microsoft.Data.Sqlite;

namespace Drover.Bench.Measuring;

/// <summary>Four things that every machine can do. A benchmark's figure is judged by its ratio to one of them, measured between its own samples.</summary>
internal sealed class Calibrators(Place place)
{
    private int _trees;

    /// <summary>C1: <c>git worktree add</c> of the repository of 100 files. The tree is removed afterwards, unmeasured.</summary>
    public double WorktreeAdd()
    {
        var path = Path.Combine(place.Path, $"calibrator-{++_trees}");
        var run = Child.Run(["git", "-C", place.Repository, "worktree", "add", "-q", "-b", $"calibrator-{_trees}", path], place.Environment);
        Check(run, "git worktree add");
        Check(Child.Run(["git", "-C", place.Repository, "worktree", "remove", "--force", path], place.Environment), "git worktree remove");
        return run.Wall.TotalMilliseconds;
    }

    /// <summary>C2: a .NET program that says hello.</summary>
    public ChildRun Hello()
    {
        var run = Child.Run([Programs.Dotnet, Programs.Hello], place.Environment);
        Check(run, "hello");
        return run;
    }

    /// <summary>C3: spawning /bin/true and waiting for it.</summary>
    public double Spawn() => Child.Run(["/bin/true"], place.Environment).Wall.TotalMilliseconds;

    /// <summary>C4: a commit of one row of 256 bytes into SQLite in WAL mode, the mean of a hundred.</summary>
    public double Commit()
    {
        Server.Journaling.SystemSqlite.Load();
        using var connection = new SqliteConnection($"Data Source={Path.Combine(place.Path, "calibrator.db")};Pooling=False");
        connection.Open();
        Run(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE IF NOT EXISTS rows (n INTEGER PRIMARY KEY, body TEXT)");
        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO rows (body) VALUES ($body)";
        insert.Parameters.AddWithValue("$body", new string('x', 256));
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < 100; i++) insert.ExecuteNonQuery();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds / 100;
    }

    /// <summary>All four, the median of five each, as a sentence about the machine.</summary>
    public string Describe()
    {
        double Five(Func<double> calibrator) => Enumerable.Range(0, 5).Select(_ => calibrator()).Median();
        return string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"calibrators now: C1 {Five(WorktreeAdd):0.0} ms, C2 {Five(() => Hello().Wall.TotalMilliseconds):0.0} ms (cpu {Five(() => Hello().Cpu.TotalMilliseconds):0.0} ms), C3 {Five(Spawn):0.00} ms, C4 {Five(Commit):0.000} ms");
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static void Check(ChildRun run, string what)
    {
        if (run.ExitCode != 0) throw new BenchException($"the calibrator '{what}' failed with exit code {run.ExitCode}");
    }
}
