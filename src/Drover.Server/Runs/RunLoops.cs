using System.Collections.Concurrent;
using Drover.Core;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>One loop for each run that is not settled. A restarted server takes up every one of them.</summary>
internal sealed class RunLoops(RunPlace place) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<RunId, Task> _loops = new();
    private readonly CancellationTokenSource _stop = new();

    public void TakeUpAll()
    {
        foreach (var run in place.Journal.Read(RunTable.ToTakeUp)) Take(run);
    }

    /// <summary>Takes up a reserved run. Twice is once.</summary>
    public void Take(RunId run)
    {
        lock (_stop)
        {
            if (_stop.IsCancellationRequested || _loops.ContainsKey(run)) return;
            _loops[run] = Task.Run(() => Drive(run));
        }
    }

    private async Task Drive(RunId run)
    {
        await new RunLoop(place, run).Drive(_stop.Token);
        _loops.TryRemove(run, out _);
    }

    /// <summary>Ends the loops, not the runs: their keepers go on, and the next server takes them up.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] driving;
        lock (_stop)
        {
            _stop.Cancel();
            driving = [.. _loops.Values];
        }

        await Task.WhenAll(driving);
        _stop.Dispose();
    }
}
