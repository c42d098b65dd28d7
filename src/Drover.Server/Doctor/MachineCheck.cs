using System.Globalization;

namespace Drover.Server.Doctor;

/// <summary>Cores, memory and the kernel's limits on notifications.</summary>
internal static class MachineCheck
{
    private const int FewInstances = 64;
    private const int FewWatches = 4096;

    public static IEnumerable<Finding> Look() => OperatingSystem.IsLinux()
        ? Judge(Environment.ProcessorCount, Text("/proc/meminfo"), Text("/proc/sys/fs/inotify/max_user_instances"), Text("/proc/sys/fs/inotify/max_user_watches"))
        : [new("machine", Grade.Warn, $"{Environment.ProcessorCount} core(s); this is not Linux", "Drover is complete on Linux. Elsewhere agents' processes are found by search only, and there is no sandbox of its own.")];

    public static IEnumerable<Finding> Judge(int cores, string meminfo, string instances, string watches)
    {
        var (total, free) = (Kilobytes(meminfo, "MemTotal"), Kilobytes(meminfo, "MemAvailable"));
        yield return new("machine", free is < 1_000_000 ? Grade.Warn : Grade.Ok,
            string.Create(CultureInfo.InvariantCulture, $"{cores} core(s), {Gigabytes(total)} of memory, {Gigabytes(free)} of it free"),
            free is < 1_000_000 ? "An agent needs 200 to 600 MB. Close something, or set `runs` in config.yaml low." : null);

        if (Number(instances) is < FewInstances)
            yield return new("inotify", Grade.Warn, $"only {instances.Trim()} inotify instances are allowed", "Agents' input is then polled. sudo sysctl fs.inotify.max_user_instances=512");
        else if (Number(watches) is < FewWatches)
            yield return new("inotify", Grade.Warn, $"only {watches.Trim()} inotify watches are allowed", "Agents' output is then read once a second. sudo sysctl fs.inotify.max_user_watches=65536");
        else
            yield return new("inotify", Grade.Ok, $"{instances.Trim()} instances, {watches.Trim()} watches");
    }

    private static long? Kilobytes(string meminfo, string name) =>
        meminfo.Split('\n').FirstOrDefault(l => l.StartsWith(name + ":", StringComparison.Ordinal)) is { } line ? Number(line[(name.Length + 1)..].Replace("kB", "", StringComparison.Ordinal)) : null;

    private static string Gigabytes(long? kilobytes) => kilobytes is { } k ? (k / 1024.0 / 1024.0).ToString("0.0", CultureInfo.InvariantCulture) + " GiB" : "an unknown amount";

    private static long? Number(string text) => long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null;

    /// <summary>A file of the kernel; empty where there is none, as in some containers.</summary>
    private static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
