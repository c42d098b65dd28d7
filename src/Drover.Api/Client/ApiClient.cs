using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Drover.Api;

/// <summary>Asks the server over its unix socket: one connection per request, blocking, HTTP/1.1 by hand, since <c>HttpClient</c> alone
/// costs a command 35 ms. Not for many threads.</summary>
/// <param name="socket">The socket's path, see <see cref="SocketPath"/>.</param>
/// <param name="token">A run's or a script's token; null to be judged by the socket's peer alone.</param>
public sealed class ApiClient(string socket, string? token)
{
    /// <summary>How long an answer may take to begin or to go on. A feed sends a heartbeat every few seconds.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    public T Get<T>(string path, JsonTypeInfo<T> type) => Read(Send("GET", path, default, null), type);

    /// <summary>The answer's JSON as it came.</summary>
    public byte[] Get(string path) => Send("GET", path, default, null);

    /// <summary>Sends a change under an idempotency key, so that a repetition of the same call changes nothing more.</summary>
    public TAnswer Change<TBody, TAnswer>(string method, string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> type, Guid key) =>
        Read(Change(method, path, body, bodyType, key), type);

    public byte[] Change<TBody>(string method, string path, TBody body, JsonTypeInfo<TBody> type, Guid key) =>
        Send(method, path, JsonSerializer.SerializeToUtf8Bytes(body, type), key);

    public byte[] Change(string method, string path, Guid key) => Send(method, path, default, key);

    /// <summary>Follows the feed. Ends when the server ends it: all was sent and nothing more is wanted, or the server stops.</summary>
    public IEnumerable<ServerSentEvent> Follow(string pathAndQuery)
    {
        using var answer = Ask("GET", pathAndQuery, default, null, "text/event-stream");
        foreach (var message in ServerSentEvent.ReadAll(answer.Body)) yield return message;
    }

    private static T Read<T>(byte[] json, JsonTypeInfo<T> type) => JsonSerializer.Deserialize(json, type)
        ?? throw new InvalidDataException("the server answered 'null'; is it of another version? ('drover down', 'drover up')");

    private byte[] Send(string method, string path, ReadOnlySpan<byte> body, Guid? key)
    {
        using var answer = Ask(method, path, body, key, "application/json");
        return answer.ReadAll();
    }

    private HttpAnswer Ask(string method, string path, ReadOnlySpan<byte> body, Guid? key, string accept)
    {
        var connection = Connect();
        try
        {
            Send(connection, Head(method, path, body.Length, key, accept), body);
            var answer = HttpAnswer.Read(connection);
            return answer.Status < 300 ? answer : throw Refusal(answer);
        }
        catch (SocketException e)
        {
            connection.Dispose();
            throw new ServerSilentException($"the server took the request and did not answer ({e.SocketErrorCode}); see its log in DROVER_HOME/server.log");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Send(Socket connection, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        try
        {
            connection.Send(head);
            for (var sent = 0; sent < body.Length;) sent += connection.Send(body[sent..]);
        }
        catch (SocketException)
        {
            // The server may refuse a body before it has read it all; what it says stands in the answer.
        }
    }

    private Socket Connect()
    {
        if (SocketPath.WhyUnsafe() is { } why) throw new ServerNotRunningException(why);
        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        {
            ReceiveTimeout = (int)Patience.TotalMilliseconds,
            SendTimeout = (int)Patience.TotalMilliseconds,
        };
        try
        {
            connection.Connect(new UnixDomainSocketEndPoint(socket));
            return connection;
        }
        catch (SocketException)
        {
            connection.Dispose();
            throw new ServerNotRunningException($"no server runs here (nobody answers on {socket})");
        }
    }

    private byte[] Head(string method, string path, int length, Guid? key, string accept)
    {
        var head = new StringBuilder(256).Append(method).Append(' ').Append(path)
            .Append(" HTTP/1.1\r\nHost: drover\r\nConnection: close\r\nAccept: ").Append(accept).Append("\r\n");
        if (token is not null) head.Append("Authorization: Bearer ").Append(token).Append("\r\n");
        if (key is { } k) head.Append("Idempotency-Key: ").Append(k.ToString()).Append("\r\n");
        if (length > 0) head.Append("Content-Type: application/json\r\n");
        if (method != "GET") head.Append("Content-Length: ").Append(length).Append("\r\n");
        return Encoding.ASCII.GetBytes(head.Append("\r\n").ToString());
    }

    private static Exception Refusal(HttpAnswer answer)
    {
        using (answer)
        {
            var body = answer.ReadAll();
            try
            {
                if (JsonSerializer.Deserialize(body, ApiJson.Default.ProblemJson) is { } problem) return new RefusedException(problem);
            }
            catch (JsonException)
            {
                // Not one of our answers; its status still says something.
            }

            return new ServerSilentException($"the server answered {answer.Status} without saying why");
        }
    }
}

/// <summary>The server refused; the problem says why, and what to do next.</summary>
public sealed class RefusedException(ProblemJson problem) : Exception(problem.Detail)
{
    public ProblemJson Problem { get; } = problem;
}

/// <summary>Nobody listens on the socket.</summary>
public sealed class ServerNotRunningException(string message) : Exception(message);

/// <summary>Somebody listens, and no usable answer came.</summary>
public sealed class ServerSilentException(string message) : Exception(message);
