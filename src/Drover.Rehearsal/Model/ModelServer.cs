using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Model;

/// <summary>Listens on loopback and answers as the Anthropic Messages API would. One connection that goes wrong is no other's trouble.</summary>
internal sealed class ModelServer(int port, Player player, RequestLog log, TextWriter complaints) : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, port);

    /// <summary>Listens, prints <c>{"url":"http://127.0.0.1:PORT"}</c> on standard output, and serves until the process is ended.</summary>
    public static async Task<int> Run(Arguments arguments, TimeProvider time)
    {
        var source = arguments.Value("--script") ?? throw new ScriptException("drover-rehearsal", 1, 1, "--script FILE is missing; builtin:NAME is a built-in one");
        if (!ushort.TryParse(arguments.Value("--port") ?? "0", out var port))
            throw new ScriptException("drover-rehearsal", 1, 1, "--port must be a number from 0 to 65535; 0 takes a free one");

        var player = new Player(ScriptSource.Open(source), new Refusals(time), time);
        using var server = new ModelServer(port, player, new RequestLog(arguments.Value("--log"), time), Console.Error);
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
    private async Task<bool> Answer(HttpRequest request, HttpConnection connection, CancellationToken token)
    {
        var isMessages = request.Method == "POST" && request.Path.EndsWith("/v1/messages", StringComparison.Ordinal);
        if (!isMessages) return await AnswerOther(request, connection);

        MessagesRequest messages;
        try
        {
            messages = MessagesRequest.Read(request);
        }
        catch (JsonException e)
        {
            await Refuse(connection, 400, e.Message);
            return true;
        }

        var isMain = messages.IsMain && messages.History.Prompts.Count > 0;
        var number = log.Asked(request, isMain ? "main" : "aux", messages);
        connection.Watch();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(token, connection.Gone);
        try
        {
            var status = isMain ? await player.Answer(messages, connection, either.Token) : await AnswerErrand(messages, connection);
            log.Answered(number, status, clientGone: false);
            return status != 0;
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            log.Answered(number, 0, clientGone: connection.Gone.IsCancellationRequested || e is SocketException);
            return false;
        }
    }

    private async Task<bool> AnswerOther(HttpRequest request, HttpConnection connection)
    {
        var isCount = request.Path.EndsWith("/v1/messages/count_tokens", StringComparison.Ordinal);
        var isHead = request.Method == "HEAD";
        var number = log.Asked(request, isCount ? "count_tokens" : isHead ? "head" : "unknown", null);
        if (isHead) await connection.Answer(200, [], default, isHead: true);
        else if (isCount) await connection.Answer(200, [("content-type", "application/json")], Encoding.UTF8.GetBytes($"{{\"input_tokens\":{request.Body.Length / 4}}}"), isHead: false);
        else await Refuse(connection, 404, $"There is no {request.Path} here");
        log.Answered(number, isHead || isCount ? 200 : 404, clientGone: false);
        return true;
    }

    private static async Task<int> AnswerErrand(MessagesRequest messages, HttpConnection connection)
    {
        IMessage message = messages.Streams
            ? new StreamedMessage(connection, messages.Model, Tokens.Usual)
            : new WholeMessage(connection, messages.Model, Tokens.Usual);
        await message.BeginBlock("text");
        await message.Piece("Rehearsal");
        await message.EndBlock();
        await message.Finish(calledTool: false);
        return 200;
    }

    private static Task Refuse(HttpConnection connection, int status, string why) => connection.Answer(
        status,
        [("content-type", "application/json")],
        Encoding.UTF8.GetBytes(MessageParts.Error(new HttpRefusal(status, status == 404 ? "not_found_error" : "invalid_request_error", why, [])).ToJsonString()),
        isHead: false);
}
