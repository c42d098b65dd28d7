using System.IO.Compression;
using System.Text;
using Drover.Agents;
using Drover.Agents.Reading;

namespace Drover.Server.Recordings;

/// <summary>The lines of a recording's file.</summary>
/// <param name="EndsOpen">The last line has no line feed.</param>
internal sealed record RecordedFile(IReadOnlyList<RecordedLine> Kept, bool EndsOpen)
{
    /// <summary>The whole is held in memory.</summary>
    private const long Largest = 512L * 1024 * 1024;

    private const int TailBytes = 64 * 1024;

    /// <summary>The file as it was written: the output of a settled run is compressed.</summary>
    public static Stream Open(string path)
    {
        var file = File.OpenRead(path);
        if (!file.CanSeek) return file;
        Span<byte> first = stackalloc byte[2];
        var isCompressed = file.ReadAtLeast(first, 2, throwOnEndOfStream: false) == 2 && first is [0x1f, 0x8b];
        file.Position = 0;
        return isCompressed ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    /// <exception cref="IOException">It cannot be read, or is too large.</exception>
    public static RecordedFile Lines(Stream stream)
    {
        List<RecordedLine> kept = [];
        using var line = new MemoryStream();
        var buffer = new byte[64 * 1024];
        long length = 0, total = 0;
        int got;
        while ((got = stream.Read(buffer)) > 0)
        {
            total += got;
            if (total > Largest) throw new IOException($"it is larger than {Largest >> 20} MB; cut out the part that matters, with its first lines");
            var rest = buffer.AsSpan(0, got);
            while (rest.IndexOf((byte)'\n') is >= 0 and var end)
            {
                Take(rest[..end]);
                Close();
                rest = rest[(end + 1)..];
            }

            Take(rest);
        }

        var open = length > 0;
        if (open) Close();
        return new(kept, open);

        void Take(ReadOnlySpan<byte> part)
        {
            length += part.Length;
            if (length <= Adapter.LongestLine) line.Write(part);
        }

        void Close()
        {
            var bytes = line.ToArray();
            if (kept.Count == 0 && bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble)) bytes = bytes[Encoding.UTF8.Preamble.Length..];
            kept.Add(length > Adapter.LongestLine
                ? new(kept.Count + 1, FromAgent: true, default) { TooLong = length }
                : new(kept.Count + 1, FromAgent: true, bytes));
            line.SetLength(0);
            length = 0;
        }
    }

    /// <summary>The end of a text file.</summary>
    public static string Tail(string path)
    {
        using var file = File.OpenRead(path);
        if (file.CanSeek && file.Length > TailBytes) file.Seek(-TailBytes, SeekOrigin.End);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd().Trim();
    }
}
