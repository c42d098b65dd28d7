using Drover.Core;

namespace Drover.Node.Containing;

/// <summary>Signals that reach the process meant and no other.</summary>
internal static class Signals
{
    internal static void Send(ProcessIdentity process, int signal)
    {
        if (process.BootId == BootClock.BootId) Send(process.Pid, process.StartTime, signal);
    }

    /// <summary>A pid may be given out again between a look and a signal: the pidfd is opened first, then the process is looked at.</summary>
    internal static void Send(int pid, ulong startTime, int signal)
    {
        var fd = Native.PidFdOpen(pid);
        try
        {
            if (ProcessTable.Look(pid, startTime) != Probe.Alive) return;
            if (fd >= 0) Native.PidFdSend(fd, signal);
            else Native.Kill(pid, signal);
        }
        finally
        {
            if (fd >= 0) Native.Close(fd);
        }
    }
}
