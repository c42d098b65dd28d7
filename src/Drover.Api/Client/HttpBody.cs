using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Drover.Api;

/// <summary>The body of an answer, in all three framings of HTTP/1.1: a length, chunks, or until the connection closes.</summary>
internal sealed class HttpBody(Socket connection, byte[] buffer, int start, int filled, long? length, bool chunked) : Stream
{
    private int _at = start;
    private int _filled = filled;
    private long _left = chunked ? 0 : length ?? long.MaxValue;
    private bool _inFirstChunk = true;
    private bool _ended;

    public override int Read(Span<byte> target)
    {
        if (_ended || target.IsEmpty) return 0;
        if (_left == 0 && (!chunked || !NextChunk()))
        {
            _ended = true;
            return 0;
        }

        if (_at == _filled && !Fill())
        {
            if (length is null && !chunked) return 0;
            throw new ServerSilentException("the connection broke off in the middle of the answer");
        }

        var count = (int)Math.Min(Math.Min(target.Length, _filled - _at), _left);
        buffer.AsSpan(_at, count).CopyTo(target);
        _at += count;
        _left -= count;
        return count;
    }

    public override int Read(byte[] target, int offset, int count) => Read(target.AsSpan(offset, count));

    private bool NextChunk()
    {
        if (!_inFirstChunk) Line();
        _inFirstChunk = false;
        var size = Line();
        var semicolon = size.IndexOf(';', StringComparison.Ordinal);
        if (!long.TryParse(semicolon < 0 ? size : size[..semicolon], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _left))
            throw new ServerSilentException("a chunk of the answer has no length");
        return _left > 0;
    }

    private string Line()
    {
        var line = new StringBuilder(16);
        for (; ; )
        {
            if (_at == _filled && !Fill()) throw new ServerSilentException("the connection broke off in the middle of the answer");
            var c = (char)buffer[_at++];
            if (c == '\n') return line.ToString();
            if (c != '\r') line.Append(c);
        }
    }

    private bool Fill()
    {
        _at = 0;
        try
        {
            _filled = connection.Receive(buffer);
        }
        catch (SocketException e)
        {
            _filled = 0;
            throw new ServerSilentException($"the answer stopped coming ({e.SocketErrorCode})");
        }

        return _filled > 0;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] source, int offset, int count) => throw new NotSupportedException();
}
