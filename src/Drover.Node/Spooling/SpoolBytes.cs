using Drover.Node.Keeping;

namespace Drover.Node.Spooling;

/// <summary>Bytes of a job's output by their place in it, whatever has become of the file.</summary>
public abstract record SpoolBytes
{
    private SpoolBytes() { }

    /// <param name="Bytes">Fewer than were asked for when the output ends before.</param>
    public sealed record Found(byte[] Bytes) : SpoolBytes;

    /// <summary>They were given back to the disk because the spool was above its quota.</summary>
    public sealed record Freed : SpoolBytes;

    /// <summary>The output ends before them, or is not there any more.</summary>
    public sealed record Missing : SpoolBytes;

    /// <summary>Reads from a live, a settled or a compressed spool alike.</summary>
    public static SpoolBytes Read(JobDirectory job, long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        // The compressed file stands before the other goes: one of them is there, whenever this looks in this order.
        return TryPlain(job.Out, offset, length) ?? TryCompressed(job.CompressedOut, offset, length) ?? new Missing();
    }

    private static SpoolBytes? TryPlain(string path, long offset, int length)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var end = RandomAccess.GetLength(file);
            if (offset >= end) return new Missing();
            if (Blocks.NextData(file, offset) is not { } data || data != offset) return new Freed();
            var bytes = new byte[(int)Math.Min(length, end - offset)];
            var got = RandomAccess.Read(file, bytes, offset);
            return new Found(got == bytes.Length ? bytes : bytes[..got]);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private static SpoolBytes? TryCompressed(string path, long offset, int length)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var members = GzipMember.All(file).TakeWhile(m => m.Start < offset + Math.Max(1, length)).ToArray();
            if (members.Length == 0 || members[0].Start > offset) return new Freed();
            var first = Array.FindLastIndex(members, m => m.Start <= offset);
            using var bytes = new MemoryStream();
            for (var i = first; i < members.Length; i++)
            {
                var plain = members[i].Unpack(file);
                var from = Math.Min(Math.Max(0, offset - members[i].Start), plain.Length);
                bytes.Write(plain, (int)from, (int)Math.Min(plain.Length - from, length - bytes.Length));
            }

            return bytes.Length == 0 && length > 0 ? new Missing() : new Found(bytes.ToArray());
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
