using Drover.Api;
using Drover.EndToEnd.Rehearsal;

namespace Drover.EndToEnd.Killing;

/// <summary>A day of three agents: tickets are filed, runs started and steered, everything lands, while something keeps killing the server.</summary>
internal sealed class Scenario : IAsyncDisposable
{
    private readonly Person _person;
    private readonly Subscriber _subscriber;

    private readonly Crew _crew;

    private Scenario(Site site, Crew crew, Server server)
    {
        (Site, _crew, Server) = (site, crew, server);
        _person = new(server);
        _subscriber = Subscriber.Of(server);
    }

    public Site Site { get; }

    public Server Server { get; }

    public static async Task<Scenario> Begin(Crew crew, string? crashAt = null)
    {
        var site = new Site();
        await crew.Settle(site);
        return new(site, crew, Server.Keep(site, crashAt));
    }

    /// <summary>Works everything to its end and gives what is left when the last server is gone.</summary>
    public async Task<Aftermath> Work()
    {
        var project = await _person.Register(Site.Repository);
        foreach (var work in _crew.All) await _person.File(project.Id, $"Do {work.Key}", $"{work.Prompt} Say $(nothing) 'more'.\n");
        var steers = (await Task.WhenAll(_crew.All.Select(Work))).SelectMany(s => s).ToList();
        await Eventually.True(IsOver, () => $"everything settled and landed:\n{Describe()}");
        var (runs, tickets) = (await _person.Runs(), await _person.Tickets());
        var cursor = (await _person.Get("/status", ApiJson.Default.StatusJson)).Cursor;
        await _subscriber.Until(e => e.Cursor == cursor, $"the subscriber at {cursor}");
        var all = new ApiClient(Server.Socket, null).Follow("/api/v1/events?after=0&follow=false").Select(m => m.Id!).ToList();
        await Server.End();
        await _subscriber.End();
        return new(Site, _crew, runs, tickets, steers, _subscriber.Events, all, Server.Log);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await _subscriber.End();
        await Processes.End(Site.Root);
        await _crew.DisposeAsync();
        Site.Dispose();
    }

    private async Task<IReadOnlyList<(Work Work, string Text, SteerJson Steer)>> Work(Work work)
    {
        var run = await _person.Start(work.Key, work.Agent);
        var next = await _person.Say(run.Id, $"{work.Next} please", "next");
        await _crew.Began(Site, work);
        var now = await _person.Say(run.Id, $"{work.Now} too", "now");
        await File.WriteAllTextAsync(Path.Combine(Site.Shared, $"{work.Key}.go"), "");
        return [(work, work.Next, next), (work, work.Now, now)];
    }

    /// <summary>Everything is done that will be: no run is active, every ticket has landed or is blocked, nothing of theirs is left to be taken away.</summary>
    private bool IsOver()
    {
        try
        {
            var api = new ApiClient(Server.Socket, null);
            return api.Get("/api/v1/runs", ApiJson.Default.IReadOnlyListRunJson).All(r => r.State == "settled")
                && api.Get("/api/v1/tickets", ApiJson.Default.IReadOnlyListTicketJson).All(t => t.Stage == "done" || t.Blocked is not null)
                && _subscriber.Events.Count(e => e.Type == "worktree.removed") == _crew.All.Count;
        }
        catch (Exception e) when (Server.IsAway(e))
        {
            return false;
        }
    }

    private string Describe()
    {
        var text = string.Join('\n', _subscriber.Events.Select(e => $"{e.Seq} {e.Type} {e.Ticket} {e.Run} {e.Data}"));
        return $"{text}\n{Server.Log}";
    }
}
