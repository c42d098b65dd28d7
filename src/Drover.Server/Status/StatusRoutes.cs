using Drover.Api;
using Drover.Core;
using Drover.Node.Repositories;
using Drover.Server.Feeding;
using Drover.Server.Http;
using Drover.Server.Journaling;
using Drover.Server.Projects;
using Drover.Server.Runs;

namespace Drover.Server.Status;

/// <summary>The picture for <c>drover status</c>: its size follows what is at work, not what is on record.</summary>
internal static class StatusRoutes
{
    private const int Shown = 100;

    public static void Map(Routes routes, Journal journal, OpenProjects projects, Func<ServerJson> server, UsageView usage, TimeProvider time)
    {
        routes.Query("/status", Access.Owner, async ask =>
        {
            var warnings = new Dictionary<ProjectId, string?>();
            foreach (var row in journal.Read(ProjectTable.List)) warnings[row.Id] = await Warning(projects, row, ask.Http.RequestAborted);
            return journal.Read(db => Look(db, warnings, server(), usage, time.GetUtcNow()));
        });
    }

    /// <summary>How old what is told of a project's settings may be: the picture is asked for often, and a look takes several git processes.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    /// <summary>The target branch may have moved while nothing was at work.</summary>
    private static async Task<string?> Warning(OpenProjects projects, ProjectRow row, CancellationToken ct)
    {
        try
        {
            return await (await projects.Get(row, ct)).Lately(Fresh, ct) switch
            {
                ProjectNow.At at => at.Config.Warning,
                ProjectNow.Unusable { Why: var why } => why,
                _ => null,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or GitFailedException or ProjectUnusableException)
        {
            return e.Message;
        }
    }

    private static StatusJson Look(Db db, Dictionary<ProjectId, string?> warnings, ServerJson server, UsageView usage, DateTimeOffset now) => new(
        server, Cursor.Of(db).ToString(),
        [.. ProjectTable.List(db).Select(p => new ProjectStatusJson(p.Id.Value, p.Path, Counts(db, p.Id)) { Warning = warnings.GetValueOrDefault(p.Id) })],
        [.. RunTable.Active(db).Take(Shown).Select(r => RunView.Line(db, r, usage, now))],
        [.. TicketTable.Attention(db, Shown).Select(t => Waiting(db, t))], ApprovalTable.CountPending(db));

    private static Dictionary<string, int> Counts(Db db, ProjectId project)
    {
        var counts = TicketTable.Counts(db, project);
        return Enum.GetValues<Stage>().ToDictionary(s => s.Word(), s => (int)counts.GetValueOrDefault(s));
    }

    public static WaitingJson Waiting(Db db, TicketRow ticket) => new(
        ticket.Key.ToString(), ticket.Title, ticket.Stage.Word(),
        ticket.Blocked is { } blocked ? $"blocked: {blocked.Reason}"
            : LandingTable.Of(db, ticket.Key) is [{ Reason: { } waits }, ..] ? waits : $"'drover why {ticket.Key}' says what it waits for");
}
