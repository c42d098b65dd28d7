using System.Runtime.InteropServices;

namespace Drover.Node;

/// <summary>An eventfd by which other threads wake one that waits in poll.</summary>
internal sealed class WakeUp : IDisposable
{
    private const int NonBlocking = 0x800, CloseOnExec = 0x80000;

    internal WakeUp()
    {
        Fd = Native.EventFd(0, NonBlocking | CloseOnExec);
        if (Fd < 0) throw new IOException($"no eventfd can be had: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    internal int Fd { get; }

    internal unsafe void Ring()
    {
        ulong one = 1;
        // It fails only when the counter is full, and then the waiter is woken anyway.
        _ = Native.Write(Fd, (byte*)&one, sizeof(ulong));
    }

    internal unsafe void Clear()
    {
        ulong count;
        // It fails only when nobody has rung.
        _ = Native.Read(Fd, (byte*)&count, sizeof(ulong));
    }

    public void Dispose() => Native.Close(Fd);
}
