using Drover.Core;
using Drover.Node.Containing;

namespace Drover.Node.Keeping;

/// <summary>Tells when the keepers' processes end: one thread waits on a pidfd for each. A process for which the machine gives none is looked at each second.
/// It says only that the process is gone, and a keeper stays while the agent has left processes behind: the exit code, which <see cref="Spooling.SpoolWatch"/> notices, may come long before; <see cref="Keeper.Look"/> says how.</summary>
public sealed class ExitWatch : IDisposable
{
    private const int LookEveryMilliseconds = 1000;

    private readonly Lock _lock = new();
    private readonly Action<JobDirectory> _ended;
    private readonly Func<int, int> _openPidFd;
    private readonly WakeUp _wake = new();
    private readonly Dictionary<JobDirectory, Watched> _jobs = [];
    private readonly List<Watched> _dropped = [];
    private readonly Thread _thread;
    private volatile bool _stopping;

    private ExitWatch(Action<JobDirectory> ended, Func<int, int> openPidFd)
    {
        (_ended, _openPidFd) = (ended, openPidFd);
        _thread = new Thread(Listen) { IsBackground = true, Name = "exit watch" };
    }

    /// <param name="ended">Called once per job on the watch's own thread, so it must be quick and must not throw;
    /// <see cref="Spooling.SpoolWatch.MarkDirty"/> is meant.</param>
    public static ExitWatch Start(Action<JobDirectory> ended) => Start(ended, Native.PidFdOpen);

    /// <param name="openPidFd">Gives a pidfd for a pid, or a negative number, as on a machine that has none to give.</param>
    internal static ExitWatch Start(Action<JobDirectory> ended, Func<int, int> openPidFd)
    {
        var watch = new ExitWatch(ended, openPidFd);
        watch._thread.Start();
        return watch;
    }

    /// <summary>Watches the keeper that <see cref="JobState.Running"/> names. One that has already ended is told at once.</summary>
    public void Add(JobDirectory job, ProcessIdentity keeper)
    {
        lock (_lock)
        {
            if (_jobs.ContainsKey(job)) return;
            // The pidfd first: should the pid belong to another by then, the look says so.
            var fd = _openPidFd(keeper.Pid);
            _jobs.Add(job, new(fd, keeper, WasDead: IsDead(keeper)));
        }

        _wake.Ring();
    }

    public void Remove(JobDirectory job)
    {
        lock (_lock)
        {
            if (_jobs.Remove(job, out var watched)) _dropped.Add(watched);
        }

        _wake.Ring();
    }

    private void Listen()
    {
        while (!_stopping)
        {
            KeyValuePair<JobDirectory, Watched>[] jobs;
            lock (_lock)
            {
                // Closed here, where nobody is waiting on them.
                foreach (var watched in _dropped) watched.Close();
                _dropped.Clear();
                jobs = [.. _jobs];
            }

            foreach (var (job, watched) in Wait(jobs)) Tell(job, watched);
        }
    }

    private unsafe KeyValuePair<JobDirectory, Watched>[] Wait(KeyValuePair<JobDirectory, Watched>[] jobs)
    {
        var fds = new Native.PollFd[jobs.Length + 1];
        for (var i = 0; i < jobs.Length; i++) fds[i] = new() { Fd = jobs[i].Value.PidFd, Events = Native.PollIn };
        fds[^1] = new() { Fd = _wake.Fd, Events = Native.PollIn };
        var timeout = jobs.Any(j => j.Value.WasDead) ? 0 : jobs.Any(j => j.Value.PidFd < 0) ? LookEveryMilliseconds : -1;
        fixed (Native.PollFd* first = fds) _ = Native.Poll(first, (nuint)fds.Length, timeout);
        _wake.Clear();
        return [.. jobs.Where((j, i) => j.Value.WasDead || fds[i].Returned != 0 || (j.Value.PidFd < 0 && IsDead(j.Value.Keeper)))];
    }

    private void Tell(JobDirectory job, Watched ended)
    {
        lock (_lock)
        {
            if (!_jobs.TryGetValue(job, out var watched) || !ReferenceEquals(watched, ended)) return;
            _jobs.Remove(job);
            watched.Close();
        }

        _ended(job);
    }

    private static bool IsDead(ProcessIdentity keeper) =>
        keeper.BootId != BootClock.BootId || ProcessTable.Look(keeper.Pid, keeper.StartTime) == Probe.Dead;

    public void Dispose()
    {
        _stopping = true;
        _wake.Ring();
        _thread.Join();
        foreach (var watched in _jobs.Values.Concat(_dropped)) watched.Close();
        _wake.Dispose();
    }

    private sealed record Watched(int PidFd, ProcessIdentity Keeper, bool WasDead)
    {
        internal void Close()
        {
            if (PidFd >= 0) Native.Close(PidFd);
        }
    }
}
