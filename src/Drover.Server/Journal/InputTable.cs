using Drover.Core;

namespace Drover.Server.Journaling;

/// <summary>What a run's machine was told beside the agent's lines, in order: with the spool it makes the machine anew.</summary>
internal static class InputTable
{
    /// <param name="position">The byte of the spool after the last line that the machine had read.</param>
    internal static void Insert(Tx tx, RunId run, long position, string json) => tx.Execute($"""
        INSERT INTO inputs (run, number, position, input)
        SELECT {run}, coalesce(max(number), 0) + 1, {position}, {json} FROM inputs WHERE run = {run}
        """);

    internal static List<(long Position, string Json)> Of(Db db, RunId run) =>
        db.All($"SELECT position, input FROM inputs WHERE run = {run} ORDER BY number", row => (row.Long(), row.Text()));

    /// <summary>A settled run needs them no more.</summary>
    internal static void DeleteOf(Tx tx, RunId run) => tx.Execute($"DELETE FROM inputs WHERE run = {run}");
}
