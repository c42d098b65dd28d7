using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Drover.Rehearsal.Model;

/// <summary>Enough of HTTP/1.1 for a model server on loopback: keep-alive, bodies with a length, chunked answers, and a watch for the client that goes away
/// in the middle of an answer.</summary>
internal sealed class HttpConnection(Socket socket) : IDisposable
{
    private const int LongestHead = 64 * 1024;
    private const int LongestBody = 64 * 1024 * 1024;

    private readonly CancellationTokenSource gone = new();
    private byte[] buffer = new byte[16 * 1024];
    private int filled;
    private Task<int>? reading;
    private Task? watching;

    /// <summary>Cancelled when the client closes the connection; it notices only after <see cref="Watch"/>.</summary>
    public CancellationToken Gone => gone.Token;

    /// <summary>The next request, or null when the client has no more.</summary>
    /// <exception cref="InvalidDataException">What came is not a request that this server takes.</exception>
    public async Task<HttpRequest?> Read(CancellationToken token)
    {
        if (watching is not null) await watching.WaitAsync(token);
        watching = null;
        int end;
        while ((end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (filled > LongestHead) throw new InvalidDataException("the head of the request is too long");
            if (!await Fill(token)) return null;
        }

        var lines = Encoding.ASCII.GetString(buffer, 0, end).Split("\r\n");
        if (lines[0].Split(' ') is not [var method, var target, _]) throw new InvalidDataException($"not a request line: {lines[0]}");
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines.Skip(1))
            if (line.Split(':', 2) is [var name, var value]) headers[name] = value.Trim();

        Drop(end + 4);
        var body = await ReadBody(headers, token);
        return new HttpRequest(method, target.Split('?')[0], headers, body);
    }

    /// <summary>Reads on while the answer is written, so that the client's going is noticed.</summary>
    public void Watch()
    {
        reading ??= Receive();
        watching ??= WatchRead(reading);
    }

    public Task Answer(int status, IEnumerable<(string Name, string Value)> headers, ReadOnlyMemory<byte> body, bool isHead)
    {
        var head = Head(status, headers.Append(("content-length", body.Length.ToString(CultureInfo.InvariantCulture))));
        return Send(isHead ? head : (byte[])[.. head, .. body.Span]);
    }

    public Task AnswerJson(int status, IEnumerable<(string Name, string Value)> headers, string body) =>
        Answer(status, headers.Append(("content-type", "application/json")), Encoding.UTF8.GetBytes(body), isHead: false);

    public Task BeginStream(IEnumerable<(string Name, string Value)> headers) => Send(Head(200, headers.Append(("transfer-encoding", "chunked"))));

    public Task SendChunk(ReadOnlyMemory<byte> bytes) =>
        Send((byte[])[.. Encoding.ASCII.GetBytes(bytes.Length.ToString("x", CultureInfo.InvariantCulture)), .. "\r\n"u8, .. bytes.Span, .. "\r\n"u8]);

    public Task EndStream() => Send("0\r\n\r\n"u8.ToArray());

    /// <summary>Says that nothing more will come and waits until the client has taken note: a socket closed at once would take back what is still on its way.</summary>
    public async Task Break()
    {
        Watch();
        socket.Shutdown(SocketShutdown.Send);
        await Task.WhenAny(watching!, Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System));
    }

    /// <summary>The watch may still end after this, so what it cancels is left to the collector.</summary>
    public void Dispose() => socket.Dispose();

    private async Task<ReadOnlyMemory<byte>> ReadBody(Dictionary<string, string> headers, CancellationToken token)
    {
        if (headers.ContainsKey("transfer-encoding")) throw new InvalidDataException("a body must come with a content-length");
        if (!headers.TryGetValue("content-length", out var text)) return default;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > LongestBody)
            throw new InvalidDataException($"content-length {text} is not accepted");

        if (headers.TryGetValue("expect", out var expect) && expect == "100-continue") await Send("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray());
        while (filled < length)
            if (!await Fill(token)) throw new InvalidDataException("the request ended in the middle of its body");
        var body = buffer.AsSpan(0, length).ToArray();
        Drop(length);
        return body;
    }

    private async Task<bool> Fill(CancellationToken token)
    {
        reading ??= Receive();
        var count = await reading.WaitAsync(token);
        reading = null;
        filled += count;
        return count > 0;
    }

    private Task<int> Receive()
    {
        if (filled == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
        return socket.ReceiveAsync(buffer.AsMemory(filled)).AsTask();
    }

    private async Task WatchRead(Task<int> read)
    {
        try
        {
            if (await read == 0) await gone.CancelAsync();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            if (e is SocketException) await gone.CancelAsync();
        }
    }

    private void Drop(int count)
    {
        buffer.AsSpan(count, filled - count).CopyTo(buffer);
        filled -= count;
    }

    private async Task Send(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0) bytes = bytes[await socket.SendAsync(bytes)..];
    }

    private static byte[] Head(int status, IEnumerable<(string Name, string Value)> headers)
    {
        var head = new StringBuilder($"HTTP/1.1 {status} {(status == 200 ? "OK" : "Refused")}\r\n");
        foreach (var (name, value) in headers) head.Append(name).Append(": ").Append(value).Append("\r\n");
        return Encoding.ASCII.GetBytes(head.Append("\r\n").ToString());
    }
}
