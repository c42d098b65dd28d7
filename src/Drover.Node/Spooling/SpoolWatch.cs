using Drover.Node.Keeping;

namespace Drover.Node.Spooling;

/// <summary>Says which jobs have something new: output, or an exit code. One inotify instance for all. Its thread wakes once per <see cref="TakeDirty"/>, however
/// much happens in between. Where the machine gives no watch, the job counts as dirty at each beat. A lost wake-up costs latency only: sweep as well.</summary>
public sealed class SpoolWatch : IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly Inotify? _inotify;
    private readonly WakeUp _wake = new();
    private readonly SemaphoreSlim _signal = new(0, 1);
    private readonly ManualResetEventSlim _taken = new(true);
    private readonly Dictionary<JobDirectory, int?> _jobs = [];
    private readonly Dictionary<int, JobDirectory> _byWatch = [];
    private readonly HashSet<JobDirectory> _dirty = [];
    private readonly Thread? _thread;
    private volatile bool _stopping;

    private SpoolWatch(Inotify? inotify)
    {
        _inotify = inotify;
        if (inotify is not null) _thread = new Thread(Listen) { IsBackground = true, Name = "spool watch" };
    }

    public static SpoolWatch Start() => Start(Inotify.TryOpen());

    /// <param name="inotify">Null as on a machine whose instances are used up.</param>
    internal static SpoolWatch Start(Inotify? inotify)
    {
        var watch = new SpoolWatch(inotify);
        watch._thread?.Start();
        return watch;
    }

    /// <summary>Jobs whose directory is not watched, and which are therefore dirty at each beat.</summary>
    public int Unwatched
    {
        get
        {
            lock (_lock) return _jobs.Values.Count(w => w is null);
        }
    }

    /// <summary>Watches a job's directory, which must exist. The job is dirty at once: what happened before is not known.</summary>
    public void Add(JobDirectory job)
    {
        lock (_lock)
        {
            if (_jobs.ContainsKey(job)) return;
            var watch = _inotify?.TryAdd(job.Path);
            _jobs[job] = watch;
            if (watch is { } number) _byWatch[number] = job;
        }

        MarkDirty(job);
    }

    public void Remove(JobDirectory job)
    {
        lock (_lock)
        {
            _dirty.Remove(job);
            if (!_jobs.Remove(job, out var watch) || watch is not { } number) return;
            _byWatch.Remove(number);
            _inotify?.Remove(number);
        }
    }

    /// <summary>Makes the job dirty, for reasons that only the caller knows (its process has ended, something was sent to it).</summary>
    public void MarkDirty(JobDirectory job)
    {
        lock (_lock)
        {
            if (!_jobs.ContainsKey(job)) return;
            _dirty.Add(job);
        }

        Signal();
    }

    /// <summary>Returns when a job may be dirty. For one waiter at a time.</summary>
    public async ValueTask WaitAsync(CancellationToken ct)
    {
        if (Unwatched == 0) await _signal.WaitAsync(ct);
        else await _signal.WaitAsync(Beat, ct);
    }

    /// <summary>The jobs that are dirty; they are clean from now on.</summary>
    public IReadOnlyCollection<JobDirectory> TakeDirty()
    {
        lock (_lock)
        {
            if (_inotify?.Drain(Happened) == false) _dirty.UnionWith(_jobs.Keys);
            _dirty.UnionWith(_jobs.Where(j => j.Value is null).Select(j => j.Key));
            var dirty = _dirty.ToArray();
            _dirty.Clear();
            _taken.Set();
            return dirty;
        }
    }

    private void Happened(int watch)
    {
        if (_byWatch.TryGetValue(watch, out var job)) _dirty.Add(job);
    }

    private void Signal()
    {
        lock (_lock)
        {
            if (_signal.CurrentCount == 0) _signal.Release();
        }
    }

    private unsafe void Listen()
    {
        Span<Native.PollFd> fds = [new() { Fd = _inotify!.Fd, Events = Native.PollIn }, new() { Fd = _wake.Fd, Events = Native.PollIn }];
        while (!_stopping)
        {
            // Until the events are taken there is nothing to add: the kernel gathers them.
            _taken.Wait();
            fixed (Native.PollFd* first = fds)
            {
                if (Native.Poll(first, (nuint)fds.Length, -1) <= 0 || (fds[0].Returned & Native.PollIn) == 0) continue;
            }

            _taken.Reset();
            Signal();
        }
    }

    public void Dispose()
    {
        _stopping = true;
        _wake.Ring();
        _taken.Set();
        _thread?.Join();
        _inotify?.Dispose();
        _wake.Dispose();
        _signal.Dispose();
        _taken.Dispose();
    }
}
