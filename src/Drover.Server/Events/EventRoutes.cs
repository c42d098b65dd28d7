using Drover.Api;
using Drover.Core;
using Drover.Server.Feeding;
using Drover.Server.Http;
using Drover.Server.Journaling;
using Drover.Server.Runs;

namespace Drover.Server.Events;

/// <summary><c>GET /events</c>: the one feed. <c>after</c> (or <c>Last-Event-ID</c>) says where to go on, <c>follow=false</c> ends it at the present,
/// <c>last=N</c> with it gives only the newest N (with <c>before=CURSOR</c>: those before it), in the journal's order;
/// A settled run's feed is its history and ends with it. <c>run</c>, <c>ticket</c>, <c>project</c> and <c>kinds</c> choose, <c>deltas=true</c> adds what agents are just writing.</summary>
internal static class EventRoutes
{
    public static void Map(Routes routes, Journal journal, Feed feed, TimeProvider time) =>
        routes.Stream("/events", Access.Owner, ask => Stream(ask, journal, feed, time),
            "after", "follow", "last", "before", "run", "ticket", "project", "kinds", "deltas");

    private static async Task Stream(Ask ask, Journal journal, Feed feed, TimeProvider time)
    {
        var follow = ask.Query("follow") is null || ask.Flag("follow");
        var filter = Filter(ask, journal);
        var last = ask.Number("last", 0, 1, 5000);
        if (last > 0 && follow) throw new Refusal(Problems.InvalidRequest, "last goes with follow=false", "last");
        var token = ask.Http.RequestAborted;
        var response = ask.Http.Response;
        try
        {
            var after = After(ask);

            // Before the first byte, so that a cursor that is no good is still refused with a problem.
            var isOver = follow && filter.Run is { } run && journal.Read(db => RunTable.Get(db, run)) is { State: RunState.Settled };
            var subscription = follow && !isOver ? feed.Subscribe(new(after, filter, ask.Flag("deltas"))) : null;
            var newest = last > 0 ? journal.Read(db => History.Last(db, ask.Query("before") is { } before ? Cursor.Parse(before) : null, filter, last)) : null;
            if (!follow) feed.Page(after ?? Cursor.Beginning, filter, 1);
            response.ContentType = "text/event-stream";
            response.Headers.CacheControl = "no-store";
            var stream = new EventStream(response.BodyWriter, time);
            await stream.Open(token);
            if (newest is not null) await stream.Stored(newest, token);
            else if (subscription is null)
            {
                var end = await stream.History(feed, after ?? Cursor.Beginning, filter, token);
                if (isOver) await stream.Settled(end, token);
            }
            else await stream.Follow(subscription, token);
        }
        catch (CursorException e)
        {
            throw new Refusal(Problems.CursorInvalid, e.Message, "after");
        }
    }

    private static Cursor? After(Ask ask)
    {
        var last = ask.Http.Request.Headers["Last-Event-ID"].ToString();
        var text = last.Length > 0 ? last : ask.Query("after");
        return text is null ? null : text == "0" ? Cursor.Beginning : Cursor.Parse(text);
    }

    private static FeedFilter Filter(Ask ask, Journal journal) => new(
        ask.Query("project") is not { } project ? null
            : ProjectId.TryParse(project) ?? throw new Refusal(Problems.ProjectNotFound, $"'{project}' is no project's id", "project"),
        ask.Query("ticket") is not { } ticket ? null
            : TicketKey.TryParse(ticket) ?? throw new Refusal(Problems.TicketNotFound, $"'{ticket}' is no ticket's key", "ticket"),
        ask.Query("run") is not { } run ? null : journal.Read(db => RunRoutes.Find(db, run)).Id,
        ask.Query("kinds")?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet());
}
