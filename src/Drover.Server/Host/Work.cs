using Drover.Agents;
using Drover.Api;
using Drover.Core;
using Drover.Node;
using Drover.Node.Containing;
using Drover.Node.Repositories;
using Drover.Node.Sandboxing;
using Drover.Server.Conformance;
using Drover.Server.Feeding;
using Drover.Server.Journaling;
using Drover.Server.Landing;
using Drover.Server.Projects;
using Drover.Server.Runs;
using Drover.Server.Scheduling;

namespace Drover.Server.Host;

/// <summary>What goes on by itself: the scheduler, the runs' loops and the merge queue. They are woken by what is stored, whoever stored it.</summary>
internal sealed class Work : IAsyncDisposable
{
    private readonly RunLoops _runs;
    private readonly MergeQueue _queue;
    private readonly SchedulerLoop _scheduler;

    private Work(RunPlace place, StartRun start, Boards boards)
    {
        (Place, Start, Boards, Continue) = (place, start, boards, new ContinueRun(start, place.Journal));
        _queue = MergeQueue.Start(place);
        _runs = new RunLoops(place);
        _scheduler = SchedulerLoop.Start(place, start, boards);
    }

    public RunPlace Place { get; }

    public StartRun Start { get; }

    public Boards Boards { get; }

    public ContinueRun Continue { get; }

    public static Work Open(Git git, Journal journal, Feed feed, DroverHostOptions options, ILogger log)
    {
        var (home, machine) = (options.Home.Path, options.Machine);
        var place = new RunPlace
        {
            Home = home,
            Homes = machine.Homes ?? Path.Combine(home, "homes"),
            SocketDirectory = Path.GetDirectoryName(SocketPath.Of(options.Home))!,
            Journal = journal,
            Tell = (about, isThought, piece) => feed.Publish(new FeedItem.Delta(about, isThought, piece)),
            Projects = new OpenProjects(git, journal, home, [.. Adapters.All.Select(a => a.Name)], options.Time),
            Adapter = options.Adapter,
            Proofs = new(new Cards(options.Home), machine, Programs.Find),
            Sandbox = SandboxProbe.Try(options.Time, CancellationToken.None),
            Ladder = Ladder.Probe(options.Time, CancellationToken.None),
            Tokens = RunTokens.Open(home),
            Jobs = Jobs.Start(options.Time),
            StartGate = new(machine.Starting ?? Environment.ProcessorCount),
            Crash = Crash.FromEnvironment(Environment.GetEnvironmentVariable("DROVER_CRASH_AT")),
            Time = options.Time,
            Random = options.Random,
            Log = log,
        };
        var boards = new Boards(machine);
        var work = new Work(place, new StartRun(place, machine, boards), boards);
        // What is stored is told first to those who follow it, then to the loops.
        journal.Committed += work.Hear;
        return work;
    }

    /// <summary>Takes up what an earlier server left.</summary>
    public void TakeUp(string url)
    {
        Place.Url = url;
        _runs.TakeUpAll();
        _queue.Signal();
        _scheduler.Signal();
    }

    /// <summary>Called with what has just been stored, on the journal's own thread: it only wakes others.</summary>
    public void Hear(IReadOnlyList<EventRow> events)
    {
        foreach (var e in events)
        {
            switch (e.Type)
            {
                case EventTypes.RunReserved: _runs.Take(e.About.Run!.Value); break;
                case EventTypes.SteerQueued or EventTypes.RunStopWanted or EventTypes.ApprovalSettled: Place.Jobs.Signal(e.About.Run!.Value); break;
                case EventTypes.RunSettled or EventTypes.TicketMoved or EventTypes.TicketUnblocked or EventTypes.TicketReleased or EventTypes.LandingApproved:
                    if (e.About.Ticket is { } ticket) _queue.Signal(ticket);
                    _scheduler.Signal();
                    break;
                case EventTypes.TicketQueued or EventTypes.TicketAgain or EventTypes.TicketChanged: _scheduler.Signal(); break;
                default: break;
            }
        }
    }

    /// <summary>Ends the loops; the agents go on under their keepers.</summary>
    public async ValueTask DisposeAsync()
    {
        await _scheduler.DisposeAsync();
        await _runs.DisposeAsync();
        await _queue.DisposeAsync();
        await Place.Jobs.DisposeAsync();
        Place.StartGate.Dispose();
    }
}
