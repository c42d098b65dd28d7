using Drover.Node.Keeping;
using Microsoft.Win32.SafeHandles;

namespace Drover.Node.Spooling;

/// <summary>What became of a spool that was to be compressed.</summary>
public abstract record Compression
{
    private Compression() { }

    /// <param name="Before">Bytes on disk before; zero when it had been done already.</param>
    public sealed record Done(long Before, long After) : Compression;

    /// <summary>There is no room for the compressed copy; the spool is as it was. Try again later.</summary>
    public sealed record DiskFull : Compression;
}

/// <summary>The output of a job that will never write again.</summary>
public static class SettledSpool
{
    /// <summary>Compresses the output so that every offset in it still leads to its bytes. Ended at any moment, it is completed by calling it again. Blocking; some 100 MB/s.</summary>
    public static Compression Compress(JobDirectory job, CancellationToken ct)
    {
        if (File.Exists(job.CompressedOut) || !File.Exists(job.Out))
        {
            // The compressed file takes its name when it is whole.
            File.Delete(job.Out);
            return new Compression.Done(0, File.Exists(job.CompressedOut) ? new FileInfo(job.CompressedOut).Length : 0);
        }

        var unfinished = job.CompressedOut + ".tmp";
        try
        {
            long before;
            using (var from = File.OpenHandle(job.Out, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
            {
                before = Blocks.Allocated(from);
                Write(from, unfinished, ct);
            }

            File.Move(unfinished, job.CompressedOut, overwrite: true);
            File.Delete(job.Out);
            return new Compression.Done(before, new FileInfo(job.CompressedOut).Length);
        }
        catch (IOException e) when (e.HResult is Native.NoSpace or Native.QuotaExceeded)
        {
            File.Delete(unfinished);
            return new Compression.DiskFull();
        }
    }

    private static void Write(SafeFileHandle from, string path, CancellationToken ct)
    {
        using var to = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        var length = RandomAccess.GetLength(from);
        var at = Blocks.NextData(from, 0) ?? length;
        var buffer = new byte[GzipMember.MostBytes];
        do
        {
            ct.ThrowIfCancellationRequested();
            var got = RandomAccess.Read(from, buffer, at);
            to.Write(GzipMember.Pack(buffer.AsSpan(0, got), at));
            if (got == 0) break;
            at += got;
        }
        while (at < length);

        // The name may only ever stand for bytes that a power loss cannot take.
        to.Flush(flushToDisk: true);
    }
}
