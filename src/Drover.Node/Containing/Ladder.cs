using Drover.Core;
using Drover.Node.Processes;
using Drover.Node.Sandboxing;

namespace Drover.Node.Containing;

/// <summary>What this machine has to hold a job's processes together.</summary>
/// <param name="CgroupParent">A cgroup v2 directory in which this user's jobs get their own, or null.</param>
/// <param name="WhyNoCgroup">Why there is none, or null.</param>
public sealed record Ladder(string? CgroupParent, string? WhyNoCgroup)
{
    /// <summary>How a job is held whose command line is wrapped by <see cref="Sandbox.Wrap"/>: its PID namespace is the surest hold there is.</summary>
    public Hold Sandboxed { get; } = new Hold.PidNamespace();

    /// <summary>How a job is held that runs without a sandbox.</summary>
    public Hold Unsandboxed => CgroupParent is { } parent ? new Hold.Cgroup(parent) : new Hold.Scan();

    /// <summary>Finds out by doing: a process moves itself into a new cgroup and ends it. Takes some milliseconds; ask once at start.</summary>
    public static async Task<Ladder> Probe(TimeProvider time, CancellationToken ct)
    {
        if (OwnCgroup() is not { } own) return new(null, "cgroup v2 is not mounted");
        var tried = Path.Combine(own, $"drover-probe-{Guid.NewGuid():N}");
        if (Cgroups.TryMake(tried) is { } refused) return new(null, refused);
        try
        {
            const string Script = """echo 0 >"$1/cgroup.procs" && echo 1 >"$1/cgroup.kill" && exec sleep 20""";
            var environment = new Dictionary<string, string> { ["LC_ALL"] = "C", ["PATH"] = "/usr/bin:/bin" };
            var child = await Child.Run(new("/bin/sh", ["-c", Script, "probe", tried], environment, "/") { Limit = TimeSpan.FromSeconds(10) }, time, ct);
            return child.ExitCode == 128 + Native.SigKill && Cgroups.IsEmpty(tried) ? new(own, null)
                : new(null, $"a cgroup below {own} cannot be filled and killed: {child.Error}".Trim());
        }
        catch (Exception e) when (e is TimeoutException or System.ComponentModel.Win32Exception)
        {
            return new(null, $"a cgroup below {own} cannot be filled and killed: {e.Message}");
        }
        finally
        {
            Cgroups.TryRemove(tried);
        }
    }

    /// <summary>The cgroup that this process is in: the only place where an ordinary user may have been given the right to make more.</summary>
    private static string? OwnCgroup()
    {
        var mount = TextFile.TryRead("/proc/self/mountinfo")?.Split('\n').Select(l => l.Split(' '))
            .FirstOrDefault(f => f.Length > 8 && f.SkipWhile(w => w != "-").Skip(1).FirstOrDefault() == "cgroup2")?[4];
        var own = TextFile.TryRead("/proc/self/cgroup")?.Split('\n').FirstOrDefault(l => l.StartsWith("0::/", StringComparison.Ordinal))?["0::/".Length..];
        return mount is null || own is null ? null : Path.Combine(mount, own);
    }
}
