using System.Globalization;
using System.Runtime.InteropServices;

namespace Drover.Bench;

/// <summary>What the figures were measured on, in one line: without it they say nothing.</summary>
internal static class Machine
{
    public static string Describe(string root)
    {
        var cpu = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[^1] ?? "unknown CPU";
        var load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        var now = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
        return $"{now}, {Environment.ProcessorCount} × {cpu}, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, "
            + $"{new DriveInfo(root).DriveFormat} at {root}, load {load} at the start";
    }
}
