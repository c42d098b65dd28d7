using Drover.Api;
using Drover.Core;
using Drover.Server.Host;
using Drover.Server.Http;
using Drover.Server.Journaling;
using Drover.Server.Runs;

namespace Drover.Server.Scheduling;

/// <summary>Starts runs by itself: reads the board, asks Core, and makes each start that Core decides on in a transaction that judges it once more. A look that decides nothing writes
/// nothing, and a ticket that makes trouble holds up no other.</summary>
internal sealed class SchedulerLoop : IAsyncDisposable
{
    /// <summary>What changes without an event is found then: a branch moved by hand, with another <c>drover.yaml</c>; a program that was mended.</summary>
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(10);

    private static readonly Principal s_actor = Principal.Server("scheduler");

    private readonly RunPlace _place;
    private readonly StartRun _start;
    private readonly Boards _boards;
    private readonly Wake _wake = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    private SchedulerLoop(RunPlace place, StartRun start, Boards boards)
    {
        (_place, _start, _boards) = (place, start, boards);
        _loop = Task.Run(Loop);
    }

    public static SchedulerLoop Start(RunPlace place, StartRun start, Boards boards) => new(place, start, boards);

    /// <summary>Something has changed that may let a run start.</summary>
    public void Signal() => _wake.Signal();

    private async Task Loop()
    {
        try
        {
            while (true)
            {
                await Sleep(await TryPass());
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task Sleep(DateTimeOffset until)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var pause = until - _place.Time.GetUtcNow();
        var awake = _wake.WaitAsync(timer.Token).AsTask();
        var slept = Task.Delay(pause < TimeSpan.FromMilliseconds(10) ? TimeSpan.FromMilliseconds(10) : pause, _place.Time, timer.Token);
        await Task.WhenAny(awake, slept);
        await timer.CancelAsync();
        await Task.WhenAll(awake, slept).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Token.ThrowIfCancellationRequested();
    }

    /// <returns>When to look again if nothing happens before.</returns>
    private async Task<DateTimeOffset> TryPass()
    {
        var next = _place.Time.GetUtcNow() + Sweep;
        try
        {
            return await Pass() is { } at && at < next ? at : next;
        }
        catch (Exception e) when (!_stop.IsCancellationRequested)
        {
            // The loop's boundary: what cannot be read now can be at the next look.
            SchedulerLog.Pass(_place.Log, e);
            return next;
        }
    }

    private async Task<DateTimeOffset?> Pass()
    {
        var waiting = _place.Journal.Read(BoardTable.Waiting).Where(t => Scheduler.Needs(t) is not null).ToList();
        if (waiting.Count == 0) return null;
        List<RunGround> grounds = [];
        foreach (var tickets in waiting.GroupBy(t => t.Project))
        {
            if (await Ground(tickets.First().Key) is { } ground) grounds.Add(ground);
        }

        var now = _place.Time.GetUtcNow();
        foreach (var decision in Scheduler.Tick(_place.Journal.Read(db => _boards.Whole(db, grounds, now))).Where(d => d.Verdict is ClaimVerdict.Start))
        {
            await TryStart(decision);
        }

        return waiting.Select(t => t.NotBefore).Where(t => t > now).Min();
    }

    /// <summary>Null while the project cannot be worked in; <c>why</c> says the same of its tickets.</summary>
    private async Task<RunGround?> Ground(TicketKey ticket)
    {
        try
        {
            return await _start.Ground(ticket, _stop.Token);
        }
        catch (Exception e) when (e is Refusal || GroundTrouble.Is(e))
        {
            return null;
        }
    }

    /// <summary>A run that has begun and ended since the look may have changed what the ticket needs.</summary>
    private static bool StillNeeds(Tx tx, Decision decision) => BoardTable.Get(tx, decision.Ticket) is { } ticket && Scheduler.Needs(ticket) == decision.Role;

    private async Task TryStart(Decision decision)
    {
        try
        {
            var ground = await _start.Ground(decision.Ticket, _stop.Token);
            await _place.Journal.Do(Priority.Urgent, tx => StillNeeds(tx, decision) ? _start.Reserve(tx, ground, Orders.Of(tx, decision), s_actor) : null);
        }
        catch (Exception e) when (e is Refusal or ConstraintException)
        {
            // The rows have changed since the look, or the schema knows better: the next look decides anew.
        }
        catch (Exception e) when (!_stop.IsCancellationRequested)
        {
            // The loop's boundary: the others go on.
            SchedulerLog.Start(_place.Log, e, decision.Ticket.ToString());
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }
}

internal static partial class SchedulerLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The scheduler could not look at the board and tries again")]
    public static partial void Pass(ILogger log, Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "Ticket {Ticket}: no run could be started, and it is tried again")]
    public static partial void Start(ILogger log, Exception error, string ticket);
}
