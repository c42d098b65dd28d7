using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Drover.EndToEnd.Killing;

/// <summary>The machine's processes that have something to do with a scenario.</summary>
internal static class Processes
{
    /// <summary>Those that name the text in their environment, their command line or their working directory; this one and the dead excepted.</summary>
    public static IReadOnlyList<(int Pid, string Command)> Naming(string text) =>
        [.. Directory.EnumerateDirectories("/proc")
            .Select(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0 && pid != Environment.ProcessId)
            .Select(pid => (pid, Command: Read(pid, "cmdline")))
            .Where(p => p.Command.Length > 0
                && (p.Command.Contains(text, StringComparison.Ordinal) || Read(p.pid, "environ").Contains(text, StringComparison.Ordinal)
                    || WorkingDirectory(p.pid).StartsWith(text, StringComparison.Ordinal)))];

    /// <summary>Kills them all, those too that come up meanwhile.</summary>
    public static Task End(string text) => Eventually.True(
        () =>
        {
            var left = Naming(text);
            foreach (var (pid, _) in left) Kill(pid);
            return left.Count == 0;
        },
        () => $"these are gone: {string.Join(", ", Naming(text))}");

    public static void Kill(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
        }
        catch (ArgumentException)
        {
            // It has ended in between.
        }
    }

    private static string Read(int pid, string file)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/{file}")).Replace('\0', ' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string WorkingDirectory(int pid)
    {
        try
        {
            return File.ResolveLinkTarget($"/proc/{pid}/cwd", returnFinalTarget: false)?.FullName ?? "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
