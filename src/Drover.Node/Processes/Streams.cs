using System.Text;

namespace Drover.Node.Processes;

/// <summary>Reads a stream to its end and keeps the first bytes.</summary>
internal sealed class HeadOf(int limit)
{
    private readonly MemoryStream kept = new();

    public bool Truncated { get; private set; }

    public byte[] Bytes => kept.ToArray();

    public async Task Drain(Stream stream)
    {
        var buffer = new byte[32 << 10];
        int read;
        while ((read = await stream.ReadAsync(buffer)) > 0)
        {
            var room = (int)Math.Min(read, limit - kept.Length);
            kept.Write(buffer, 0, room);
            Truncated |= room < read;
        }
    }
}

/// <summary>Reads a stream to its end and keeps the last bytes.</summary>
internal sealed class TailOf(int limit)
{
    private byte[] kept = [];

    public string Text => Encoding.UTF8.GetString(kept).TrimEnd();

    public async Task Drain(Stream stream)
    {
        var buffer = new byte[8 << 10];
        int read;
        while ((read = await stream.ReadAsync(buffer)) > 0)
        {
            byte[] all = [.. kept, .. buffer.AsSpan(0, read)];
            kept = all.Length > limit ? all[^limit..] : all;
        }
    }
}
