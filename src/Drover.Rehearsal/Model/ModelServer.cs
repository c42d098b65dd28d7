using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Model;

/// <summary>Listens on loopback and answers as the vendors' APIs would, all of them on one port. One connection that goes wrong is no other's trouble.</summary>
internal sealed class ModelServer(int port, Stage stage, Player player, RequestLog log, TextWriter complaints) : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, port);

    /// <summary>Listens, prints <c>{"url":"http://127.0.0.1:PORT"}</c> on standard output, and serves until the process is ended.</summary>
    public static async Task<int> Run(Arguments arguments, TimeProvider time)
    {
        var stage = Stage.Open(arguments.Values("--script"));
        if (!ushort.TryParse(arguments.Value("--port") ?? "0", out var port))
            throw new ScriptException("drover-rehearsal", 1, 1, "--port must be a number from 0 to 65535; 0 takes a free one");

        var player = new Player(new Refusals(time), time);
        using var server = new ModelServer(port, stage, player, new RequestLog(arguments.Value("--log"), time), Console.Error);
        using var stop = new CancellationTokenSource();
        using var asked = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
        Console.WriteLine($"{{\"url\":\"http://127.0.0.1:{server.Listen()}\"}}");
        await server.Serve(stop.Token);
        return 0;
    }

    /// <returns>The port.</returns>
    public int Listen()
    {
        listener.Start(512);
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async Task Serve(CancellationToken token)
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                var socket = await listener.AcceptSocketAsync(token);
                socket.NoDelay = true;
                connections.RemoveAll(connection => connection.IsCompleted);
                connections.Add(Serve(socket, token));
            }
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            await Task.WhenAll(connections);
        }
    }

    public void Dispose() => listener.Dispose();

    private async Task Serve(Socket socket, CancellationToken token)
    {
        using var connection = new HttpConnection(socket);
        try
        {
            while (await connection.Read(token) is { } request)
                if (!await Answer(request, connection, token)) return;
        }
        catch (Exception e) when (e is SocketException or InvalidDataException or OperationCanceledException)
        {
            if (e is InvalidDataException) await complaints.WriteLineAsync(e.Message);
        }
    }

    /// <returns>Whether the connection may be used again.</returns>
    private async Task<bool> Answer(HttpRequest asked, HttpConnection connection, CancellationToken token)
    {
        var (scene, request) = stage.SceneFor(asked);
        var format = scene is null ? null : WireFormats.All.FirstOrDefault(format => format.Takes(request));
        if (scene is null || format is null) return await AnswerOther(scene, request, connection);

        ModelRequest read;
        try
        {
            using var document = JsonDocument.Parse(request.Body);
            read = format.Read(request, document.RootElement.Clone());
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            await Refuse(connection, format.Refusal(new Trouble.Unreadable(e.Message)));
            return true;
        }

        var number = log.Asked(request, scene, format, read);
        connection.Watch();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(token, connection.Gone);
        try
        {
            var status = read.IsMain ? await player.Answer(scene, format, read, connection, either.Token) : await Player.AnswerErrand(format, read, connection);
            log.Answered(number, status, clientGone: false);
            return status != 0;
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            log.Answered(number, 0, clientGone: connection.Gone.IsCancellationRequested || e is SocketException);
            return false;
        }
    }

    private async Task<bool> AnswerOther(Scene? scene, HttpRequest request, HttpConnection connection)
    {
        var errand = WireFormats.All.Select(format => format.Errand(request)).FirstOrDefault(found => found is not null);
        var isHead = request.Method == "HEAD";
        var isKnown = scene is not null && (isHead || errand is not null);
        var number = log.AskedOther(request, scene, !isKnown ? "unknown" : isHead ? "head" : errand!.Value.Kind);
        if (!isKnown) await Refuse(connection, stage.NothingAt(request));
        else if (isHead) await connection.Answer(200, [], default, isHead: true);
        else await connection.AnswerJson(200, [], errand!.Value.Body.ToJsonString());
        log.Answered(number, isKnown ? 200 : 404, clientGone: false);
        return true;
    }

    private static Task Refuse(HttpConnection connection, HttpRefusal refusal) => connection.AnswerJson(refusal.Status, refusal.Headers, refusal.Body.ToJsonString());
}
