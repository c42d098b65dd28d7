using System.Collections.Concurrent;
using Drover.Core;
using Drover.Node.Keeping;
using Drover.Node.Spooling;
using Drover.Server.Host;

namespace Drover.Server.Runs;

/// <summary>The jobs of this node that are followed: who is to be woken when one of them wrote something or ended. One watch for all of them; what it
/// gathers is told once per tick, and everybody is told once a second, so that a lost notification costs latency only.</summary>
internal sealed class Jobs : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly SpoolWatch _spools;
    private readonly ExitWatch _exits;
    private readonly ConcurrentDictionary<RunId, Wake> _wakes = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _beats;

    private Jobs(TimeProvider time)
    {
        _time = time;
        _spools = SpoolWatch.Start();
        _exits = ExitWatch.Start(_spools.MarkDirty);
        _beats = Task.WhenAll(Task.Run(TellDirty), Task.Run(TellAll));
    }

    public static Jobs Start(TimeProvider time) => new(time);

    /// <summary>From now on the wake-up is signalled each second, and by <see cref="Signal"/>.</summary>
    public void Add(RunId id, Wake wake) => _wakes[id] = wake;

    /// <summary>From now on it is signalled for what the job writes, too. The job's directory exists.</summary>
    public void Follow(JobDirectory job) => _spools.Add(job);

    public void FollowExit(JobDirectory job, ProcessIdentity keeper) => _exits.Add(job, keeper);

    public void Signal(RunId id)
    {
        if (_wakes.TryGetValue(id, out var wake)) wake.Signal();
    }

    public void Remove(JobDirectory job)
    {
        _wakes.TryRemove(job.Id, out _);
        Unfollow(job);
    }

    /// <summary>Its directory goes and is made anew; whoever is woken by it stays.</summary>
    public void Unfollow(JobDirectory job)
    {
        _exits.Remove(job);
        _spools.Remove(job);
    }

    private async Task TellDirty()
    {
        await Until(async () =>
        {
            // The first sign after a quiet time is told at once, and no timer runs while nobody writes.
            await _spools.WaitAsync(_stop.Token);
            foreach (var job in _spools.TakeDirty())
            {
                if (_wakes.TryGetValue(job.Id, out var wake)) wake.SignalOutput();
            }

            await Task.Delay(Tick, _time, _stop.Token);
        });
    }

    private async Task TellAll()
    {
        using var sweep = new PeriodicTimer(Sweep, _time);
        await Until(async () =>
        {
            await sweep.WaitForNextTickAsync(_stop.Token);
            foreach (var wake in _wakes.Values) wake.Signal();
        });
    }

    private async Task Until(Func<Task> beat)
    {
        try
        {
            while (true) await beat();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _beats;
        _exits.Dispose();
        _spools.Dispose();
        _stop.Dispose();
    }
}
