using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Drover.Node.Spooling;

/// <summary>Which parts of a file are really on the disk.</summary>
internal static class Blocks
{
    /// <summary>Holes are made in multiples of this; no usual file system has larger blocks.</summary>
    internal const int Size = 64 * 1024;

    private const int SeekData = 3, AtFile = 0x1000, WantBlocks = 0x400, SectorSize = 512;

    internal static int Fd(SafeFileHandle file) => (int)file.DangerousGetHandle();

    /// <summary>Bytes that the file takes on the disk.</summary>
    internal static long Allocated(SafeFileHandle file)
    {
        if (Native.StatX(Fd(file), "", AtFile, WantBlocks, out var facts) != 0) throw new IOException($"a file's size on disk cannot be read: {Marshal.GetLastPInvokeErrorMessage()}");
        return (long)facts.Blocks * SectorSize;
    }

    /// <summary>The first offset from here on that is no hole; null when only holes follow, or the end.</summary>
    internal static long? NextData(SafeFileHandle file, long offset) => Native.Seek(Fd(file), offset, SeekData) is >= 0 and var at ? at : null;
}
