using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Drover.Api;

/// <summary>The answer to one request on a connection that is closed afterwards.</summary>
internal sealed class HttpAnswer : IDisposable
{
    private readonly Socket _connection;

    private HttpAnswer(Socket connection, int status, HttpBody body)
    {
        _connection = connection;
        Status = status;
        Body = body;
    }

    public int Status { get; }

    public HttpBody Body { get; }

    /// <summary>Reads the status line and the headers; the body is read as it is wanted.</summary>
    public static HttpAnswer Read(Socket connection)
    {
        var buffer = new byte[16 * 1024];
        var filled = 0;
        int end;
        while ((end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (filled == buffer.Length) throw new ServerSilentException("the answer's headers are larger than 16 KB");
            var got = connection.Receive(buffer, filled, buffer.Length - filled, SocketFlags.None);
            if (got == 0) throw new ServerSilentException("the server closed the connection before it answered; see its log in DROVER_HOME/server.log");
            filled += got;
        }

        var lines = Encoding.ASCII.GetString(buffer, 0, end).Split("\r\n");
        var words = lines[0].Split(' ');
        if (words.Length < 2 || !words[0].StartsWith("HTTP/1.", StringComparison.Ordinal) || !int.TryParse(words[1], CultureInfo.InvariantCulture, out var status))
            throw new ServerSilentException("what listens on the socket does not speak HTTP");

        long? length = null;
        var chunked = false;
        foreach (var line in lines.AsSpan(1))
        {
            if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                length = long.Parse(line.AsSpan(15).Trim(), NumberStyles.None, CultureInfo.InvariantCulture);
            else if (line.StartsWith("Transfer-Encoding:", StringComparison.OrdinalIgnoreCase)) chunked = line.EndsWith("chunked", StringComparison.OrdinalIgnoreCase);
        }

        if (status == 204) length = 0;
        return new(connection, status, new(connection, buffer, end + 4, filled, chunked ? null : length, chunked));
    }

    public byte[] ReadAll()
    {
        using var all = new MemoryStream();
        Body.CopyTo(all);
        return all.ToArray();
    }

    public void Dispose() => _connection.Dispose();
}
