using System.Net.Sockets;
using Drover.Api;

namespace Drover.Bench.Places;

/// <summary>One who listens to the feed over the unix socket, from now on until the server ends.</summary>
internal sealed class Subscriber
{
    private readonly List<(string Json, double At)> _heard = [];

    private Subscriber() { }

    /// <summary>What came so far, with the time of its coming in milliseconds since 1970.</summary>
    public IReadOnlyList<(string Json, double At)> Heard
    {
        get
        {
            lock (_heard) return [.. _heard];
        }
    }

    /// <summary>One that keeps what it hears; nothing is parsed before the end, so that this takes no time from the server.</summary>
    public static Subscriber Keeping(RunningServer server)
    {
        var subscriber = new Subscriber();

        // From here on, however long the connection takes.
        var cursor = server.Status().Cursor;
        Begin(() => subscriber.Keep(server, cursor));
        return subscriber;
    }

    /// <summary>One that takes what comes and forgets it.</summary>
    public static void Forgetting(RunningServer server) => Begin(() =>
    {
        using var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        connection.Connect(new UnixDomainSocketEndPoint(server.Socket));
        connection.Send("GET /api/v1/events HTTP/1.1\r\nHost: drover\r\nAccept: text/event-stream\r\n\r\n"u8);
        var buffer = new byte[64 * 1024];
        while (connection.Receive(buffer) > 0)
        {
            // Nothing is wanted of it.
        }
    });

    private void Keep(RunningServer server, string cursor)
    {
        foreach (var message in server.Api.Follow($"/api/v1/events?after={Uri.EscapeDataString(cursor)}"))
        {
            lock (_heard) _heard.Add((message.Data, (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds));
        }
    }

    private static void Begin(Action listen) => new Thread(() =>
    {
        try
        {
            listen();
        }
        catch (Exception e) when (e is SocketException or ServerSilentException)
        {
            // The server has gone; what was heard before counts.
        }
    })
    { IsBackground = true }.Start();
}
