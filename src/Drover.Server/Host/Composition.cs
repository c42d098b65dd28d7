using Drover.Api;
using Drover.Core;
using Drover.Node.Repositories;
using Drover.Server.Attempts;
using Drover.Server.Events;
using Drover.Server.Feeding;
using Drover.Server.Http;
using Drover.Server.Inbox;
using Drover.Server.Journaling;
using Drover.Server.Landing;
using Drover.Server.Projects;
using Drover.Server.Rosters;
using Drover.Server.Runs;
using Drover.Server.Salvaging;
using Drover.Server.Status;
using Drover.Server.Tickets;

namespace Drover.Server.Host;

/// <summary>The composition root: everything that lives as long as the server is made here, by hand, in the order in which it depends on each other.</summary>
internal sealed class Composition : IAsyncDisposable
{
    private readonly Journal _journal;
    private readonly Feed _feed;
    private readonly Work _work;
    private ServerJson? _server;

    private Composition(Journal journal, Feed feed, Work work) => (_journal, _feed, _work) = (journal, feed, work);

    /// <param name="journal">Becomes the composition's own.</param>
    public static Composition Open(Git git, Journal journal, DroverHostOptions options, WebApplication app)
    {
        git.Scratch.Clear();
        var feed = new Feed(journal);
        var logs = app.Services.GetRequiredService<ILoggerFactory>();
        var work = Work.Open(git, journal, feed, options, logs.CreateLogger("Drover"));
        var composition = new Composition(journal, feed, work);
        var trees = Path.Combine(options.Home.Path, "trees");
        var projects = new ProjectFinder(journal, git, trees);
        var logins = new Logins(journal, options.Time, "drover_" + options.Home.SocketName[..8]);
        var agents = new AgentProcesses(() => journal.Read(RunTable.Active).Where(r => r.Process is not null).Select(r => r.Process!.Pid).ToHashSet());
        var askers = new Askers(journal, logins, agents);

        var edge = new Edge(logs.CreateLogger<Edge>());
        app.Use(edge.Run);
        app.Use(new TcpDoor().Run);
        app.UseRouting();
        var routes = new Routes(app, journal, askers);
        var usage = new UsageView(options.Machine.Prices);
        ServerRoutes.Map(routes, journal, composition.Server, logins, app.Lifetime);
        StatusRoutes.Map(routes, journal, work.Place.Projects, composition.Server, usage, options.Time);
        ProjectRoutes.Map(routes, journal, git, projects);
        TicketRoutes.Map(routes, journal, projects, usage, new(work.Start, work.Boards, journal, options.Time), options.Time);
        RunRoutes.Map(routes, journal, projects, usage, options.Time);
        RunOrderRoutes.Map(routes, journal, work, usage);
        LandingRoutes.Map(routes, journal, work.Place);
        InboxRoutes.Map(routes, journal);
        RosterRoutes.Map(routes, journal, git, projects, work.Place.Proofs, work.Place.Homes);
        DiffRoutes.Map(routes, journal, git, trees);
        SalvageRoutes.Map(routes, git, projects);
        EventRoutes.Map(routes, journal, feed, options.Time);
        app.MapGet(Logins.Path, logins.Enter);
        OpenApi.Map(app, askers);
        PageFiles.Map(app, askers);

        // Streams end at once; otherwise the web server would wait for them.
        app.Lifetime.ApplicationStopping.Register(feed.Close);
        return composition;
    }

    /// <summary>Called once the doors are open.</summary>
    public Task Started(ServerJson server)
    {
        _server = server;
        _work.TakeUp(server.Url);
        return Tell(EventTypes.ServerStarted);
    }

    /// <summary>What stands in the way of a start and is for the user to change; null for anything else.</summary>
    public static string? WhyRefused(Exception e) => e is JournalHeldException or JournalRefusedException ? e.Message : null;

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _work.DisposeAsync();
            if (_server is not null) await Tell(EventTypes.ServerStopped);
        }
        finally
        {
            _feed.Close();
            _journal.Dispose();
        }
    }

    private ServerJson Server() => _server ?? throw new Refusal(Problems.Unavailable, "the server is just starting; ask again");

    private Task Tell(string type) => _journal.Do(Priority.Urgent, tx => { tx.Emit(type, Subject.Server, Principal.Server("host")); });
}
