using System.Net.Sockets;
using Drover.Api;

namespace Drover.Bench.Places;

/// <summary>One who listens to the feed over the unix socket from now on, until it is disposed.</summary>
internal sealed class Subscriber : IDisposable
{
    private readonly Thread _reading;
    private readonly RunningServer _server;
    private readonly bool _keeps;
    private volatile bool _leaving;

    private Subscriber(RunningServer server, bool keeps)
    {
        (_server, _keeps) = (server, keeps);
        _reading = new(Read) { IsBackground = true };
    }

    /// <summary>What came, with the time of its coming in milliseconds since 1970.</summary>
    public List<(string Json, double At)> Heard { get; } = [];

    /// <summary>One that keeps what it hears; it is not parsed before the end, so that this takes no time from the server.</summary>
    public static Subscriber Keeping(RunningServer server) => Begin(new(server, keeps: true));

    /// <summary>One that takes what comes and forgets it.</summary>
    public static Subscriber Forgetting(RunningServer server) => Begin(new(server, keeps: false));

    private static Subscriber Begin(Subscriber subscriber)
    {
        subscriber._reading.Start();
        return subscriber;
    }

    private void Read()
    {
        if (_keeps)
        {
            foreach (var message in _server.Api.Follow("/api/v1/events"))
            {
                lock (Heard) Heard.Add((message.Data, (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds));
                if (_leaving) return;
            }

            return;
        }

        using var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = (int)ApiClient.Patience.TotalMilliseconds };
        connection.Connect(new UnixDomainSocketEndPoint(_server.Socket));
        connection.Send("GET /api/v1/events HTTP/1.1\r\nHost: drover\r\nAccept: text/event-stream\r\n\r\n"u8);
        var buffer = new byte[64 * 1024];
        while (connection.Receive(buffer) > 0 && !_leaving)
        {
            // Nothing is wanted of it.
        }
    }

    /// <summary>Leaves with the next thing that it hears; the heartbeat at the latest.</summary>
    public void Dispose()
    {
        _leaving = true;
        _reading.Join();
    }
}
