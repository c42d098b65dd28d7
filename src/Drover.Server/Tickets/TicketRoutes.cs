using Drover.Api;
using Drover.Core;
using Drover.Server.Http;
using Drover.Server.Journaling;
using Drover.Server.Projects;
using Drover.Server.Runs;
using Drover.Server.Scheduling;

namespace Drover.Server.Tickets;

internal static class TicketRoutes
{
    public static void Map(Routes routes, Journal journal, ProjectFinder finder, UsageView usage, WhyWaiting whyWaiting, TimeProvider time)
    {
        routes.Query<IReadOnlyList<TicketJson>>("/tickets", Access.Owner, async ask =>
        {
            var project = await finder.Wanted(ask.Query("project"), ask.Query("directory"), ask.Http.RequestAborted);
            return journal.Read(db => List(db, ask, project));
        }, "project", "directory", "stage", "limit", "brief");
        routes.Query("/tickets/{ticket}", Access.OwnTicket, ask => journal.Read(db => TicketView.Whole(db, ask.Ticket, usage, time.GetUtcNow())));
        routes.Query("/tickets/{ticket}/why", Access.OwnTicket, async ask =>
        {
            var waiting = await whyWaiting.Of(ask.Ticket, ask.Http.RequestAborted);
            return journal.Read(db => TicketView.Why(db, ask.Ticket, time.GetUtcNow(), waiting));
        });
        routes.Command<NewTicketJson, (ProjectRow Project, NewTicketJson Wish), TicketJson>("POST", "/tickets", Access.Owner, 201,
            async (ask, body) => (await finder.Needed(body.Project, body.Directory, ask.Http.RequestAborted), body),
            (ask, found, tx) => TicketCommands.Add(tx, found.Project, found.Wish, ask.Who));
        routes.Command<TicketChangeJson, TicketJson>("PATCH", "/tickets/{ticket}", Access.Owner, 200,
            (ask, body, tx) => TicketCommands.Edit(tx, ask.Ticket, body, ask.Who));
        routes.Command<MoveJson, TicketJson>("POST", "/tickets/{ticket}/move", Access.Owner, 200,
            (ask, body, tx) => TicketCommands.Move(tx, ask.Ticket, body.Stage, null, ask.Who));
        routes.Command<ReasonJson, TicketJson>("POST", "/tickets/{ticket}/cancel", Access.Human, 200,
            (ask, body, tx) => TicketCommands.Move(tx, ask.Ticket, Stage.Cancelled.Word(), body.Reason, ask.Who));
        routes.Command<ReasonJson, TicketJson>("POST", "/tickets/{ticket}/hold", Access.Human, 200,
            (ask, body, tx) => TicketCommands.Hold(tx, ask.Ticket, body.Reason, ask.Who));
        routes.Command<ReasonJson, TicketJson>("POST", "/tickets/{ticket}/release", Access.Human, 200,
            (ask, _, tx) => TicketCommands.Release(tx, ask.Ticket, ask.Who));
        routes.Command<ReasonJson, TicketJson>("POST", "/tickets/{ticket}/block", Access.Owner, 200,
            (ask, body, tx) => TicketCommands.Block(tx, ask.Ticket, body.Reason, ask.Who));
        routes.Command<ReasonJson, TicketJson>("POST", "/tickets/{ticket}/unblock", Access.Owner, 200,
            (ask, _, tx) => TicketCommands.Unblock(tx, ask.Ticket, ask.Who));
    }

    private static List<TicketJson> List(Db db, Ask ask, ProjectRow? project)
    {
        var limit = ask.Number("limit", 1000, 1, 100_000);
        var stage = ask.Query("stage") is { } word
            ? Words.TryParse<Stage>(word) ?? throw new Refusal(Problems.InvalidRequest, $"stage is one of {string.Join(", ", Words.All<Stage>())}", "stage") : (Stage?)null;
        var tickets = (stage, project) switch
        {
            ({ } one, _) => TicketTable.InStage(db, project?.Id, one, limit),
            (null, null) => TicketTable.List(db, limit),
            (null, { } of) => TicketTable.List(db, of.Id, limit),
        };
        var isBrief = ask.Flag("brief");
        var needs = DependencyTable.All(db);
        return [.. tickets.Select(t => TicketCommands.Show(isBrief ? t with { Body = "" } : t, needs[t.Key]))];
    }
}
