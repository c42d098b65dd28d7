using Drover.Api;
using Drover.Core;
using Drover.Server.Http;
using Drover.Server.Journaling;
using Drover.Server.Projects;

namespace Drover.Server.Runs;

internal static class RunRoutes
{
    public static void Map(Routes routes, Journal journal, ProjectFinder finder, UsageView usage, TimeProvider time)
    {
        routes.Query<IReadOnlyList<RunJson>>("/runs", Access.Owner, async ask =>
        {
            var project = await finder.Wanted(ask.Query("project"), ask.Query("directory"), ask.Http.RequestAborted);
            return journal.Read(db => List(db, ask, project, usage, time.GetUtcNow()));
        }, "project", "directory", "ticket", "limit");
        routes.Query("/runs/{run}", Access.OwnRun, ask => journal.Read(db => RunView.Whole(db, Find(db, ask.Part("run")), usage, time.GetUtcNow())));
    }

    /// <summary>The run that a name or an id means: of several projects' runs of that name, the newest.</summary>
    /// <exception cref="Refusal">There is none.</exception>
    public static RunRow Find(Db db, string named) => TryFind(db, named)
        ?? throw new Refusal(Problems.RunNotFound, $"there is no run '{named}'; 'drover run list' shows what there is");

    public static RunRow? TryFind(Db db, string named)
    {
        var run = RunId.TryParse(named) is { } id ? RunTable.Get(db, id) : null;
        return run ?? ProjectTable.List(db).Select(p => RunTable.ByName(db, p.Id, new(named))).Where(r => r is not null).MaxBy(r => r!.CreatedAt);
    }

    private static List<RunJson> List(Db db, Ask ask, ProjectRow? project, UsageView usage, DateTimeOffset now)
    {
        var limit = ask.Number("limit", 50, 1, 10_000);
        if (ask.Query("ticket") is { } key)
        {
            var ticket = TicketKey.TryParse(key) ?? throw new Refusal(Problems.TicketNotFound, $"'{key}' is no ticket's key; they look like APP-12");
            return [.. RunTable.Of(db, ticket).Take(limit).Select(r => RunView.Brief(db, r, usage, now))];
        }

        var runs = project is null ? RunTable.List(db, limit) : RunTable.Of(db, project.Id, limit);
        return [.. runs.Select(r => RunView.Brief(db, r, usage, now))];
    }
}
