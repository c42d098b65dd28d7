using System.Globalization;
using System.Text;

namespace Drover.Server.Http;

/// <summary>Tells whether a process belongs to an agent. The unix socket proves the user, not that no agent of his is asking. For an agent without
/// a sandbox this is a hurdle and not a wall: it can shed its marker and its ancestors.</summary>
/// <param name="keepers">The pids of the live runs' keepers.</param>
internal sealed class AgentProcesses(Func<IReadOnlySet<int>> keepers)
{
    private static readonly byte[] Marker = "DROVER_RUN="u8.ToArray();

    /// <summary>Why the process counts as an agent's; null when nothing says so.</summary>
    public string? WhyAgents(int pid)
    {
        if (!OperatingSystem.IsLinux()) return null;
        if (pid <= 0 || !File.Exists($"/proc/{Number(pid)}/stat")) return "it runs where this server cannot see it";
        if (Link($"/proc/{Number(pid)}/ns/pid") is not { } space || space != Link("/proc/self/ns/pid")) return "it runs in a sandbox";
        if (Environment(pid) is not { } own) return "its environment cannot be read";
        if (IsMarked(own)) return "it carries a run's marker";
        var known = keepers();
        for (var (at, steps) = (pid, 0); at > 1 && steps < 1000; at = Parent(at), steps++)
        {
            if (known.Contains(at)) return "it was started by a run";
            if (at != pid && Environment(at) is { } inherited && IsMarked(inherited)) return "a run's process started it";
        }

        return null;
    }

    private static bool IsMarked(byte[] environment)
    {
        var at = environment.AsSpan().IndexOf(Marker);
        while (at > 0 && environment[at - 1] != 0)
        {
            var next = environment.AsSpan(at + 1).IndexOf(Marker);
            at = next < 0 ? -1 : at + 1 + next;
        }

        return at >= 0;
    }

    /// <summary>Null when it is gone or belongs to somebody else, as a login or the system's first process does.</summary>
    private static byte[]? Environment(int pid)
    {
        try
        {
            return File.ReadAllBytes($"/proc/{Number(pid)}/environ");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static int Parent(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{Number(pid)}/stat", Encoding.Latin1);
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static string? Link(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Number(int pid) => pid.ToString(CultureInfo.InvariantCulture);
}
