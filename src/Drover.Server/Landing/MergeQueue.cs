using System.Collections.Concurrent;
using Drover.Core;
using Drover.Server.Host;
using Drover.Server.Journaling;
using Drover.Server.Projects;
using Drover.Server.Runs;

namespace Drover.Server.Landing;

/// <summary>Moves tickets on when their runs have settled, and lands those that are merging: one after the other within a project, projects side by side.
/// It reads rows, asks Core, and applies what Core says; one bad ticket never stops the others.</summary>
internal sealed class MergeQueue : IAsyncDisposable
{
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(15);

    /// <summary>What a ticket waits for may come without an event: a branch that is moved by hand, a checkout that is tidied up.</summary>
    private static readonly TimeSpan WhileWaiting = TimeSpan.FromSeconds(5);

    private readonly RunPlace _place;
    private readonly Wake _wake = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<ProjectId, Task> _working = new();
    private readonly ConcurrentDictionary<ProjectId, bool> _missed = new();

    /// <summary>Until when a ticket is left alone: it waits for somebody, or a step of it has failed.</summary>
    private readonly ConcurrentDictionary<TicketKey, DateTimeOffset> _resting = new();
    private readonly Task _loop;
    private readonly Task _sweep;

    private MergeQueue(RunPlace place)
    {
        _place = place;
        _loop = Task.Run(Loop);
        _sweep = Task.Run(SweepLoop);
    }

    public static MergeQueue Start(RunPlace place) => new(place);

    public void Signal() => _wake.Signal();

    /// <summary>Something of the ticket has changed: it is looked at now.</summary>
    public void Signal(TicketKey ticket)
    {
        _resting.TryRemove(ticket, out _);
        _wake.Signal();
    }

    private async Task Loop()
    {
        try
        {
            await SweepGates();
            while (true)
            {
                TryPass();
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
                QueueLog.Pass(_place.Log, e);
            }
        }
    }

    private void TryPass()
    {
        try
        {
            foreach (var project in _place.Journal.Read(ProjectTable.List))
            {
                if (_working.TryGetValue(project.Id, out var working) && !working.IsCompleted) _missed[project.Id] = true;
                else if (HasWork(project)) _working[project.Id] = Task.Run(() => Work(project));
            }
        }
        catch (Exception e)
        {
            // The loop's boundary: what cannot be read now can be at the next sweep.
            QueueLog.Pass(_place.Log, e);
        }
    }

    private bool HasWork(ProjectRow project) => _place.Journal.Read(db => Movable(db, project.Id).Count > 0 || Leftover(db, project.Id).Count > 0);

    private async Task Work(ProjectRow row)
    {
        foreach (var key in _place.Journal.Read(db => Movable(db, row.Id).Select(t => t.Key).ToList()))
        {
            await Try(key, () => Advance(row, key));
        }

        foreach (var attempt in _place.Journal.Read(db => Leftover(db, row.Id)))
        {
            await Try(attempt.Ticket!.Value, async () => await new AttemptRemoval(_place, await _place.Projects.Get(row, _stop.Token), attempt)
                .Do(attempt.LandedAt is null ? "its ticket was cancelled" : "landed"));
        }

        if (_missed.TryRemove(row.Id, out _)) _wake.Signal();
    }

    private async Task Try(TicketKey key, Func<Task> step)
    {
        if (_stop.IsCancellationRequested) return;
        try
        {
            await step();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The server stops; the next one takes it up.
        }
        catch (Exception e)
        {
            // The loop's boundary: the ticket is tried again later and says so, the others go on.
            Rest(key, AfterTrouble);
            QueueLog.Trouble(_place.Log, e, key.ToString());
            await Explain(key, e.Message);
        }
    }

    private async Task Explain(TicketKey key, string trouble)
    {
        try
        {
            await _place.Journal.Do(Priority.Urgent, tx =>
            {
                if (LandingTable.Of(tx, key) is [{ } newest, ..] && newest.State.IsOpen())
                    LandingTable.Explain(tx, newest.Id, $"a step failed and is tried again: {trouble}");
            });
        }
        catch (Exception e) when (e is JournalWriteException or JournalClosedException)
        {
            QueueLog.Trouble(_place.Log, e, key.ToString());
        }
    }

    /// <summary>Attempts that are over and whose worktree still stands.</summary>
    private List<AttemptRow> Leftover(Db db, ProjectId project) => [.. AttemptTable.Leftover(db, project).Where(a => !IsResting(a.Ticket!.Value))];

    private void Rest(TicketKey key, TimeSpan pause) => _resting[key] = _place.Time.GetUtcNow() + pause;

    private bool IsResting(TicketKey key) => _resting.TryGetValue(key, out var until) && until > _place.Time.GetUtcNow();

    private List<TicketRow> Movable(Db db, ProjectId project)
    {
        return [.. ((Stage[])[Stage.Coding, Stage.Review, Stage.Merging]).SelectMany(s => TicketTable.InStage(db, s))
            .Where(t => t.Project == project && t.Blocked is null && t.Held is null && !IsResting(t.Key))
            .Where(t => t.Stage == Stage.Merging ? MayLand(db, t) : AfterRun.Of(db, t) is not TicketMove.Stay)];
    }

    private static bool MayLand(Db db, TicketRow ticket) => RunTable.Of(db, ticket.Key).TrueForAll(r => r.State == RunState.Settled);

    private async Task Advance(ProjectRow row, TicketKey key)
    {
        if (_place.Journal.Read(db => TicketTable.Get(db, key)) is not { } ticket) return;
        if (ticket.Stage != Stage.Merging)
        {
            await _place.Journal.Do(Priority.Urgent, tx => AfterRun.Apply(tx, key));
            return;
        }

        OpenProject project;
        try
        {
            project = await _place.Projects.Get(row, _stop.Token);
        }
        catch (ProjectUnusableException e)
        {
            await _place.Journal.Do(Priority.Urgent, tx => TicketLanding.BlockIn(tx, ticket, e.Message));
            return;
        }

        while (!_stop.IsCancellationRequested)
        {
            var (now, attempt) = _place.Journal.Read(db => (TicketTable.Get(db, ticket.Key), AttemptTable.Of(db, ticket.Key).FindLast(a => a.ClosedAt is null)));
            if (now is not { Stage: Stage.Merging, Blocked: null, Held: null }) return;
            if (attempt is null)
            {
                await _place.Journal.Do(Priority.Urgent, tx => TicketLanding.BlockIn(tx, now, $"it has no work that could land; `drover run start {key}` makes some"));
                return;
            }

            if (await new TicketLanding(_place, project, now, attempt).Step(_stop.Token)) continue;
            // What has landed is to give its worktree back at once; only what waits is left alone.
            if (_place.Journal.Read(db => TicketTable.Get(db, key)) is { Stage: Stage.Merging }) Rest(key, WhileWaiting);
            return;
        }
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
}

internal static partial class QueueLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The merge queue could not look at its tickets and tries again")]
    public static partial void Pass(ILogger log, Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "Ticket {Ticket}: a step failed and will be tried again")]
    public static partial void Trouble(ILogger log, Exception error, string ticket);
}
