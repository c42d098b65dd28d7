using System.Globalization;

namespace Drover.Node.Containing;

/// <summary>Cgroups of version 2: made, filled and killed through files.</summary>
internal static class Cgroups
{
    /// <summary>Makes a cgroup; null when it is there now, else the reason.</summary>
    internal static string? TryMake(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"the cgroup {path} cannot be made: {e.Message}";
        }
    }

    /// <summary>Ends every process of the cgroup and of those below it. False when there is no such cgroup.</summary>
    internal static bool TryKill(string path)
    {
        try
        {
            File.WriteAllText(Path.Combine(path, "cgroup.kill"), "1");
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Whether the cgroup, with those below it, holds no process; a cgroup that is not there holds none.</summary>
    internal static bool IsEmpty(string path) =>
        TextFile.TryRead(Path.Combine(path, "cgroup.events")) is not { } events || events.Contains("populated 0", StringComparison.Ordinal);

    /// <summary>The processes of the cgroup and of those below it.</summary>
    internal static IReadOnlyList<int> Members(string path) => !Directory.Exists(path) ? [] :
    [
        .. Directory.EnumerateDirectories(path, "*", SearchOption.AllDirectories).Prepend(path)
            .SelectMany(d => (TextFile.TryRead(Path.Combine(d, "cgroup.procs")) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Select(p => int.Parse(p, CultureInfo.InvariantCulture)),
    ];

    /// <summary>Removes an empty cgroup and those below it; what is left is no harm.</summary>
    internal static void TryRemove(string path)
    {
        try
        {
            if (!Directory.Exists(path)) return;
            foreach (var below in Directory.GetDirectories(path, "*", SearchOption.AllDirectories).OrderByDescending(d => d.Length)) Directory.Delete(below);
            Directory.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // An empty cgroup costs nothing; the next start of the same job uses it again.
        }
    }
}
