using System.Diagnostics;
using System.Text;

namespace Drover.Node.Trees;

/// <summary>A server that is killed leaves the git it has started behind, and that one goes on. Before a half-made worktree is swept away,
/// whoever still makes it is ended: a git that names the path or works in it. No agent runs in a half-made worktree.</summary>
internal static class StrayGit
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    public static async Task End(string path, TimeProvider time, CancellationToken cancellation)
    {
        if (!Directory.Exists("/proc/self")) return;
        foreach (var entry in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(entry), out var pid) || !IsOurs(entry, path)) continue;
            try
            {
                using var process = Process.GetProcessById(pid);
                process.Kill();
                await process.WaitForExitAsync(cancellation).WaitAsync(Bound, time, cancellation);
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException)
            {
                // It has ended by itself.
            }
        }
    }

    private static bool IsOurs(string entry, string path)
    {
        try
        {
            if (!File.ReadAllText(Path.Combine(entry, "comm")).StartsWith("git", StringComparison.Ordinal)) return false;
            var cwd = new FileInfo(Path.Combine(entry, "cwd")).LinkTarget ?? "";
            var arguments = Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(entry, "cmdline"))).Split('\0');
            return arguments.Contains(path) || cwd == path || cwd.StartsWith(path + "/", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
