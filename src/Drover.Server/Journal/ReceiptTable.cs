using Drover.Core;

namespace Drover.Server.Journaling;

/// <summary>The result of a gate, bound to the exact tree it ran on.</summary>
/// <param name="ConfigSha">The commit whose <c>drover.yaml</c> said what the gate is.</param>
/// <param name="ExitCode">Null when the gate had no ending of its own.</param>
/// <param name="Log">The job that holds the whole output.</param>
internal sealed record ReceiptRow(
    long Id, ProjectId Project, TreeSha Tree, string Gate, IReadOnlyList<string> Command, CommitSha ConfigSha, bool Passed, int? ExitCode,
    TimeSpan Duration, string Log, string OutputTail, DateTimeOffset At);

internal static class ReceiptTable
{
    private static readonly Sql Columns = new(
        "id, project, tree, gate, command, config_sha, passed, exit_code, duration_ms, log, output_tail, at");

    internal static long NextId(Tx tx) => tx.Next("receipts");

    internal static void Insert(Tx tx, ReceiptRow row) => tx.Execute($"""
        INSERT INTO receipts ({Columns})
        VALUES ({row.Id}, {row.Project}, {row.Tree}, {row.Gate}, {TextList.Of(row.Command)}, {row.ConfigSha}, {row.Passed}, {row.ExitCode},
            {(long)row.Duration.TotalMilliseconds}, {row.Log}, {row.OutputTail}, {row.At})
        """);

    /// <summary>All results on a tree, newest first.</summary>
    internal static List<ReceiptRow> Of(Db db, ProjectId project, TreeSha tree) =>
        db.All($"SELECT {Columns} FROM receipts WHERE project = {project} AND tree = {tree} ORDER BY id DESC", Read);

    /// <summary>The newest result of a gate on a tree.</summary>
    internal static ReceiptRow? Newest(Db db, ProjectId project, TreeSha tree, string gate) => db.One(
        $"SELECT {Columns} FROM receipts WHERE project = {project} AND tree = {tree} AND gate = {gate} ORDER BY id DESC LIMIT 1", Read);

    private static ReceiptRow Read(Row row) => new(
        row.Long(), row.Project(), row.Tree(), row.Text(), row.Texts(), row.Commit(), row.Bool(), row.IntOrNull(),
        TimeSpan.FromMilliseconds(row.Long()), row.Text(), row.Text(), row.Time());
}
