using System.Text;

namespace Drover.Server.Runs;

/// <summary>The end of a file that is still being written.</summary>
internal static class TextTail
{
    /// <param name="most">In bytes. A character that would be cut is left out.</param>
    public static (string Text, bool IsCut) Read(string path, int most)
    {
        if (!File.Exists(path)) return ("", false);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var from = Math.Max(0, file.Length - most);
        file.Seek(from, SeekOrigin.Begin);
        var bytes = new byte[Math.Min(most, file.Length - from)];
        var read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        var start = 0;
        if (from > 0) while (start < Math.Min(read, 3) && (bytes[start] & 0xC0) == 0x80) start++;
        return (Encoding.UTF8.GetString(bytes, start, read - start), from > 0);
    }
}
