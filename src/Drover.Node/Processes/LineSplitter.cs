namespace Drover.Node.Processes;

/// <summary>Cuts a stream of bytes into lines. Of a line that is longer than allowed nothing is kept but its length.</summary>
internal sealed class LineSplitter(int longest)
{
    private readonly MemoryStream _open = new();
    private long _length;

    /// <summary>What stands after the last line feed, or null.</summary>
    public PipedLine? Rest => _length > 0 ? Take() : null;

    public IEnumerable<PipedLine> Split(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Span.IndexOf((byte)'\n') is var end and >= 0)
        {
            Keep(bytes[..end]);
            bytes = bytes[(end + 1)..];
            yield return Take();
        }

        Keep(bytes);
    }

    private void Keep(ReadOnlyMemory<byte> bytes)
    {
        _length += bytes.Length;
        if (_length <= longest) _open.Write(bytes.Span);
    }

    private PipedLine Take()
    {
        var line = new PipedLine(_length <= longest ? _open.ToArray() : [], _length);
        _open.SetLength(0);
        _length = 0;
        return line;
    }
}
