using System.Text.Json;
using Drover.Api;

namespace Drover.EndToEnd.Killing;

/// <summary>Somebody who follows the feed from the beginning, and comes back with the last cursor whenever the server has died.</summary>
internal sealed class Subscriber
{
    private readonly Server _server;
    private readonly Lock _gate = new();
    private readonly List<EventJson> _events = [];
    private readonly ManualResetEventSlim _ended = new();
    private readonly Task _following;

    private Subscriber(Server server)
    {
        _server = server;
        _following = Task.Factory.StartNew(Follow, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public IReadOnlyList<EventJson> Events
    {
        get { lock (_gate) return [.. _events]; }
    }

    public static Subscriber Of(Server server) => new(server);

    public Task Until(Func<EventJson, bool> isWanted, string what) =>
        Eventually.True(() => Events.Any(isWanted), () => $"{what}; there were only: {string.Join(", ", Events.Select(e => e.Type))}\n{_server.Log}");

    /// <summary>To be called when the server is gone for good.</summary>
    public Task End()
    {
        _ended.Set();
        return _following;
    }

    private void Follow()
    {
        var cursor = "0";
        while (!_ended.IsSet)
        {
            try
            {
                foreach (var message in new ApiClient(_server.Socket, null).Follow($"/api/v1/events?after={cursor}"))
                {
                    if (message.Type != "message") break;
                    var happened = JsonSerializer.Deserialize(message.Data, ApiJson.Default.EventJson)!;
                    lock (_gate) _events.Add(happened);
                    cursor = happened.Cursor!;
                }
            }
            catch (Exception e) when (Server.IsAway(e))
            {
                _ended.Wait(TimeSpan.FromMilliseconds(20));
            }
        }
    }
}
