namespace Drover.Core;

/// <summary>How surely a run's whole process tree can be ended, best first.</summary>
public enum Containment
{
    /// <summary>A PID namespace: its first process ends, all end.</summary>
    PidNamespace,

    /// <summary>A cgroup of the run's own, ended with <c>cgroup.kill</c>.</summary>
    Cgroup,

    /// <summary>Found by descent, environment marker and working directory; something may have escaped.</summary>
    Scan,
}

/// <summary>Whether agents run inside bubblewrap: when it works, always or not at all, never.</summary>
public enum SandboxMode { Auto, Required, Off }

/// <summary>A process that cannot be mistaken for another: a pid alone is given out again.</summary>
/// <param name="StartTime">Clock ticks after boot, field 22 of <c>/proc/PID/stat</c>.</param>
public sealed record ProcessIdentity(NodeId Node, string BootId, int Pid, ulong StartTime);
