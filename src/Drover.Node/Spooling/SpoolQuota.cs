using System.Runtime.InteropServices;
using Drover.Node.Keeping;

namespace Drover.Node.Spooling;

/// <summary>What became of a spool that may hold no more than its quota.</summary>
public abstract record SpoolRoom
{
    private SpoolRoom() { }

    /// <summary>It is within the quota.</summary>
    public sealed record Within(long Bytes) : SpoolRoom;

    /// <summary>What had been read was given back to the disk; every offset stays.</summary>
    /// <param name="Left">Bytes on disk now; above the quota when that much is still unread.</param>
    public sealed record Freed(long Bytes, long Left) : SpoolRoom;

    /// <summary>The file system cannot free a part of a file.</summary>
    public sealed record CannotFree(string Why) : SpoolRoom;
}

/// <summary>Keeps a live job's output small: frees the blocks below the watermark.</summary>
public static class SpoolQuota
{
    private const int KeepSize = 1, PunchHole = 2;

    /// <param name="watermark">Where reading goes on: no byte from there on is touched. It must be stored before this is called.</param>
    /// <param name="quota">In bytes on disk.</param>
    public static SpoolRoom Hold(JobDirectory job, long watermark, long quota)
    {
        using var file = File.OpenHandle(job.Out, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        var before = Blocks.Allocated(file);
        var end = watermark - (watermark % Blocks.Size);
        if (before <= quota || end == 0) return new SpoolRoom.Within(before);
        if (Native.FAllocate(Blocks.Fd(file), PunchHole | KeepSize, 0, end) != 0)
            return new SpoolRoom.CannotFree(Marshal.GetLastPInvokeErrorMessage());
        var after = Blocks.Allocated(file);
        return new SpoolRoom.Freed(Math.Max(0, before - after), after);
    }
}
