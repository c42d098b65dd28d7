using System.Text;
using Drover.Node.Keeping;

namespace Drover.Node.Spooling;

/// <summary>The end of what an agent wrote to its standard error: what a human wants to see of a failure.</summary>
public static class ErrorTail
{
    private const int MostBytes = 8 * 1024;

    /// <summary>At most the last lines and 8 KB; a line cut at its beginning is left out unless it is the only one. Empty when there is nothing.</summary>
    public static string Read(JobDirectory job, int lines)
    {
        try
        {
            using var file = File.OpenHandle(job.Err, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var length = RandomAccess.GetLength(file);
            var from = Math.Max(0, length - MostBytes);
            var bytes = new byte[length - from];
            var got = RandomAccess.Read(file, bytes, from);
            var all = Encoding.UTF8.GetString(bytes, 0, got).TrimEnd('\n').Split('\n');
            if (from > 0 && all.Length > 1) all = all[1..];
            return string.Join('\n', all.TakeLast(lines));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return "";
        }
    }
}
