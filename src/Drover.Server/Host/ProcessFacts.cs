using System.Globalization;
using System.Reflection;

namespace Drover.Server.Host;

/// <summary>What identifies this process among all that ever had its pid.</summary>
internal sealed record ProcessFacts(int Pid, ulong StartTime, string BootId)
{
    public static string Version { get; } =
        typeof(ProcessFacts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    public static ProcessFacts Self()
    {
        if (!OperatingSystem.IsLinux()) return new(Environment.ProcessId, 0, "");
        var stat = File.ReadAllText("/proc/self/stat");
        var start = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
        return new(Environment.ProcessId, ulong.Parse(start, CultureInfo.InvariantCulture), File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim());
    }
}
