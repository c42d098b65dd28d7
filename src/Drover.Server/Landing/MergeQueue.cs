using System.Collections.Concurrent;
using Drover.Core;
using Drover.Server.Host;
using Drover.Server.Journaling;
using Drover.Server.Projects;
using Drover.Server.Runs;

namespace Drover.Server.Landing;

/// <summary>Moves tickets on when their runs have settled, and lands those that are merging: one after the other within a project, projects side by side.
/// It reads rows, asks Core, and applies what Core says.</summary>
internal sealed partial class MergeQueue : IAsyncDisposable
{
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(1);

    private readonly RunPlace _place;
    private readonly Resting _resting;
    private readonly Wake _wake = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<ProjectId, Task> _working = new();

    /// <summary>Projects that a wake-up found at work: what woke it may have come too late for the pass that goes on.</summary>
    private readonly ConcurrentDictionary<ProjectId, bool> _missed = new();

    private readonly Task _loop;
    private readonly Task _sweep;

    private MergeQueue(RunPlace place)
    {
        _place = place;
        _resting = new(place.Time);
        _loop = Task.Run(Loop);
        _sweep = Task.Run(SweepLoop);
    }

    public static MergeQueue Start(RunPlace place) => new(place);

    public void Signal() => _wake.Signal();

    /// <summary>Something of the ticket has changed: it is looked at now.</summary>
    public void Signal(TicketKey ticket)
    {
        _resting.End(ticket);
        _wake.Signal();
    }

    private async Task Loop()
    {
        try
        {
            await SweepGates();
            while (true)
            {
                TryStart();
                await _wake.WaitAsync(_stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    /// <summary>What an earlier server left of landings that nobody wants any more.</summary>
    private async Task SweepGates()
    {
        foreach (var row in _place.Journal.Read(ProjectTable.List))
        {
            try
            {
                await Gating.Sweep(_place, await _place.Projects.Get(row, _stop.Token), _stop.Token);
            }
            catch (Exception e) when (e is ProjectUnusableException or IOException or Node.Repositories.GitFailedException)
            {
                Trouble(_place.Log, e);
            }
        }
    }

    private void TryStart()
    {
        try
        {
            foreach (var project in _place.Journal.Read(ProjectTable.List)) Start(project);
        }
        catch (Exception e)
        {
            // The loop's boundary: what cannot be read now can be at the next sweep.
            Trouble(_place.Log, e);
        }
    }

    private void Start(ProjectRow project)
    {
        if (_working.TryGetValue(project.Id, out var working) && !working.IsCompleted)
        {
            _missed[project.Id] = true;
            return;
        }

        var pass = new ProjectPass(_place, project, _resting, _stop.Token);
        if (pass.HasWork()) _working[project.Id] = Task.Run(() => Work(project.Id, pass));
    }

    private async Task Work(ProjectId project, ProjectPass pass)
    {
        try
        {
            await pass.Do();
        }
        catch (Exception e)
        {
            // The loop's boundary: the next sweep begins another pass.
            Trouble(_place.Log, e);
        }

        if (_missed.TryRemove(project, out _)) _wake.Signal();
    }

    private async Task SweepLoop()
    {
        using var timer = new PeriodicTimer(Sweep, _place.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token)) _wake.Signal();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_loop, _sweep);
        await Task.WhenAll(_working.Values);
        _stop.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The merge queue could not look at its tickets and tries again")]
    private static partial void Trouble(ILogger log, Exception error);
}
