using Drover.Core;

namespace Drover.Node.Containing;

/// <summary>How a job's processes are held together, so that all of them can be ended.</summary>
public abstract record Hold
{
    private Hold() { }

    /// <summary>The job's command line itself makes a PID namespace that ends with its parent (<c>bwrap --unshare-pid --die-with-parent</c>).</summary>
    public sealed record PidNamespace : Hold;

    /// <param name="Parent">A cgroup v2 directory in which this user may make cgroups and move processes into them.</param>
    public sealed record Cgroup(string Parent) : Hold;

    /// <summary>Nothing holds them; they are searched for.</summary>
    public sealed record Scan : Hold;

    public Containment Level => this switch
    {
        PidNamespace => Containment.PidNamespace,
        Cgroup => Containment.Cgroup,
        _ => Containment.Scan,
    };
}
