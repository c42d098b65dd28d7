using Drover.Core;

namespace Drover.Server.Journaling;

/// <param name="Start">Where the frame begins in the agent's input, in bytes.</param>
internal sealed record FrameRow(long Start, byte[] Bytes);

/// <summary>The bytes for an agent's standard input, stored before they are written, so that a crash before, during or after the writing is mended.</summary>
internal static class FrameTable
{
    /// <summary>Stores frames behind what is stored, and moves the run's input end.</summary>
    /// <returns>Where each frame ends, in bytes; null when the run is settled.</returns>
    internal static IReadOnlyList<long>? Append(Tx tx, RunId run, IReadOnlyList<ReadOnlyMemory<byte>> frames)
    {
        if (tx.Number($"SELECT input_end FROM runs WHERE id = {run} AND state <> 'settled'") is not { } end) return null;
        var ends = new List<long>(frames.Count);
        foreach (var frame in frames)
        {
            tx.Execute($"INSERT INTO frames (run, start, bytes) VALUES ({run}, {end}, {frame.ToArray()})");
            ends.Add(end += frame.Length);
        }

        tx.Execute($"UPDATE runs SET input_end = {end} WHERE id = {run}");
        return ends;
    }

    /// <summary>The frames that hold the bytes from <paramref name="offset"/> on, in order. The first may begin before it.</summary>
    internal static List<FrameRow> From(Db db, RunId run, long offset) => db.All($"""
        SELECT start, bytes FROM frames
        WHERE run = {run} AND start >= coalesce((SELECT max(start) FROM frames WHERE run = {run} AND start <= {offset}), 0)
        ORDER BY start
        """, row => new FrameRow(row.Long(), row.Bytes()))
        .FindAll(frame => frame.Start + frame.Bytes.Length > offset);

    /// <summary>What is in the agent's input already is needed no more: the file stays for as long as the process that reads it.</summary>
    /// <param name="end">Where the written part ends, in bytes. A frame of which a part is missing stays.</param>
    internal static void DeleteWritten(Tx tx, RunId run, long end) => tx.Execute($"DELETE FROM frames WHERE run = {run} AND start + length(bytes) <= {end}");

    /// <summary>A settled run needs its frames no more.</summary>
    internal static void DeleteOf(Tx tx, RunId run) => tx.Execute($"DELETE FROM frames WHERE run = {run}");
}
