using System.Buffers.Binary;

namespace Drover.Node.Spooling;

/// <summary>One inotify instance. The kernel gathers while nobody reads, and says so when it had to drop something.</summary>
internal sealed class Inotify : IDisposable
{
    private const int NonBlocking = 0x800, CloseOnExec = 0x80000, HeaderSize = 16;
    private const uint Modified = 0x2, MovedTo = 0x80, Created = 0x100, Overflowed = 0x4000, OnlyDirectory = 0x0100_0000;

    private readonly byte[] _buffer = new byte[64 * 1024];

    private Inotify(int fd) => Fd = fd;

    internal int Fd { get; }

    /// <summary>Null when the user's instances are used up.</summary>
    internal static Inotify? TryOpen() => Native.InotifyInit(NonBlocking | CloseOnExec) is >= 0 and var fd ? new(fd) : null;

    /// <summary>The watch's number, or null when the user's watches are used up or the directory is not there.</summary>
    internal int? TryAdd(string directory) =>
        Native.InotifyAddWatch(Fd, directory, Modified | MovedTo | Created | OnlyDirectory) is >= 0 and var watch ? watch : null;

    internal void Remove(int watch) => Native.InotifyRemoveWatch(Fd, watch);

    /// <summary>Gives each watch that something happened to; false when the kernel has dropped events and everything may have changed.</summary>
    internal unsafe bool Drain(Action<int> happened)
    {
        var whole = true;
        fixed (byte* start = _buffer)
        {
            nint got;
            while ((got = Native.Read(Fd, start, (nuint)_buffer.Length)) > 0)
            {
                for (var at = 0; at < got;)
                {
                    var header = _buffer.AsSpan(at, HeaderSize);
                    var watch = BinaryPrimitives.ReadInt32LittleEndian(header);
                    if ((BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) & Overflowed) != 0) whole = false;
                    else happened(watch);
                    at += HeaderSize + (int)BinaryPrimitives.ReadUInt32LittleEndian(header[12..]);
                }
            }
        }

        return whole;
    }

    public void Dispose() => Native.Close(Fd);
}
