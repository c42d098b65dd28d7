namespace Drover.Server.Files;

/// <summary>Writes files that others read: whoever looks sees the old file or the whole new one, never a half, also after a power loss.</summary>
internal static class WholeFile
{
    /// <summary>Replaces the file, or makes it. Its directory is made too.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content) => Write(path, content, overwrite: true);

    /// <summary>Makes the file. Throws <see cref="IOException"/> and leaves it alone when there is one of that name.</summary>
    public static void WriteNew(string path, ReadOnlySpan<byte> content) => Write(path, content, overwrite: false);

    private static void Write(string path, ReadOnlySpan<byte> content, bool overwrite)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(directory);
        var temporary = Path.Combine(directory, $".{Path.GetFileName(path)}.{Guid.NewGuid():n}.tmp");
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite);
        }
        finally
        {
            // Gone after the move; left over when anything before it failed.
            File.Delete(temporary);
        }
    }
}
