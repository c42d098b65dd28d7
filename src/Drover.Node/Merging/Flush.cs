using System.Runtime.InteropServices;

namespace Drover.Node.Merging;

/// <summary>Flushes a directory, so that the names in it survive a power failure; .NET opens no directories.</summary>
internal static partial class Flush
{
    public static void Directory(string path)
    {
        var handle = Open(path, 0);
        if (handle < 0) throw new IOException($"{path} cannot be opened (errno {Marshal.GetLastPInvokeError()})");
        try
        {
            if (Fsync(handle) != 0) throw new IOException($"{path} cannot be flushed (errno {Marshal.GetLastPInvokeError()})");
        }
        finally
        {
            _ = Close(handle);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
