using Drover.Api;
using Drover.Core;
using Drover.Server.Feeding;
using Drover.Server.Http;
using Drover.Server.Journaling;
using Drover.Server.Runs;

namespace Drover.Server.Status;

/// <summary>The picture for <c>drover status</c>: its size follows what is at work, not what is on record.</summary>
internal static class StatusRoutes
{
    private const int Shown = 100;

    public static void Map(Routes routes, Journal journal, Func<ServerJson> server, UsageView usage, TimeProvider time)
    {
        routes.Query("/status", Access.Owner, _ => journal.Read(db => Look(db, server(), usage, time.GetUtcNow())));
    }

    private static StatusJson Look(Db db, ServerJson server, UsageView usage, DateTimeOffset now) => new(
        server, Cursor.Of(db).ToString(),
        [.. ProjectTable.List(db).Select(p => new ProjectStatusJson(p.Id.Value, p.Path, Counts(db, p.Id)))],
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
