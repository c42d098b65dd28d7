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

    private readonly RunPlace _place;
    private readonly Wake _wake = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<ProjectId, Task> _working = new();
    private readonly ConcurrentDictionary<TicketKey, DateTimeOffset> _troubled = new();
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

    private async Task Loop()
    {
        try
        {
            while (true)
            {
                foreach (var project in _place.Journal.Read(ProjectTable.List))
                {
                    if (_working.TryGetValue(project.Id, out var working) && !working.IsCompleted) continue;
                    if (HasWork(project)) _working[project.Id] = Task.Run(() => Work(project));
                }

                await _wake.WaitAsync(_stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private bool HasWork(ProjectRow project) => _place.Journal.Read(db => Movable(db, project.Id).Count > 0 || Leftover(db, project.Id).Count > 0);

    private async Task Work(ProjectRow row)
    {
        foreach (var ticket in _place.Journal.Read(db => Movable(db, row.Id)))
        {
            if (_stop.IsCancellationRequested) return;
            await Try(ticket.Key, () => Advance(row, ticket));
        }

        foreach (var attempt in _place.Journal.Read(db => Leftover(db, row.Id)))
        {
            if (_stop.IsCancellationRequested) return;
            await Try(attempt.Ticket!.Value, async () => await new AttemptRemoval(_place, await _place.Projects.Get(row, _stop.Token), attempt).Do("landed", _stop.Token));
        }

        _wake.Signal();
    }

    private async Task Try(TicketKey key, Func<Task> step)
    {
        try
        {
            await step();
            _troubled.TryRemove(key, out _);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The server stops; the next one takes it up.
        }
        catch (Exception e)
        {
            // The loop's boundary: the ticket is tried again later, the others go on.
            _troubled[key] = _place.Time.GetUtcNow() + AfterTrouble;
            QueueLog.Trouble(_place.Log, e, key.ToString());
        }
    }

    /// <summary>Attempts that have landed and whose worktree still stands.</summary>
    private List<AttemptRow> Leftover(Db db, ProjectId project) => [.. AttemptTable.LandedLeftover(db, project).Where(a => !IsTroubled(a.Ticket!.Value))];

    private bool IsTroubled(TicketKey key) => _troubled.TryGetValue(key, out var until) && until > _place.Time.GetUtcNow();

    private List<TicketRow> Movable(Db db, ProjectId project)
    {
        return [.. ((Stage[])[Stage.Coding, Stage.Review, Stage.Merging]).SelectMany(s => TicketTable.InStage(db, s))
            .Where(t => t.Project == project && t.Blocked is null && t.Held is null && !IsTroubled(t.Key))
            .Where(t => t.Stage == Stage.Merging ? MayLand(db, t) : AfterRun.Of(db, t) is not TicketMove.Stay)];
    }

    /// <summary>A ticket that waits for a human is looked at again when its word has come, its branch or its target has moved; that is found out by looking, so
    /// it is looked at on every sweep, which costs two small git commands.</summary>
    private static bool MayLand(Db db, TicketRow ticket) => RunTable.Of(db, ticket.Key).TrueForAll(r => r.State == RunState.Settled);

    private async Task Advance(ProjectRow row, TicketRow ticket)
    {
        if (ticket.Stage != Stage.Merging)
        {
            await _place.Journal.Do(Priority.Urgent, tx => AfterRun.Apply(tx, ticket.Key));
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
            if (now is not { Stage: Stage.Merging, Blocked: null, Held: null } || attempt is null) return;
            if (!await new TicketLanding(_place, project, now, attempt).Step(_stop.Token)) return;
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
        await Task.WhenAll([_loop, _sweep, .. _working.Values]);
        _stop.Dispose();
    }
}

internal static partial class QueueLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Ticket {Ticket}: a step failed and will be tried again")]
    public static partial void Trouble(ILogger log, Exception error, string ticket);
}
