using Drover.Core;
using Drover.Node.Repositories;
using Drover.Node.Sandboxing;
using Drover.Server.Journaling;

namespace Drover.Server.Doctor;

/// <summary>What Drover stands on: git, SQLite, and what keeps agents apart and together.</summary>
internal static class ToolsCheck
{
    public static Finding Judge(GitProbe git) => git switch
    {
        GitProbe.Ready ready => new("git", Grade.Ok, $"git {ready.Version}"),
        GitProbe.Unfit unfit => new("git", Grade.Fail, unfit.Why, unfit.Advice),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static Finding Sqlite()
    {
        try
        {
            SystemSqlite.Load();
            return new("sqlite", Grade.Ok, $"SQLite {SystemSqlite.Version}, the system's own");
        }
        catch (JournalRefusedException e)
        {
            return new("sqlite", Grade.Fail, e.Message);
        }
    }

    /// <param name="mode">What the project wants.</param>
    public static IEnumerable<Finding> Judge(SandboxProbe sandbox, SandboxMode mode)
    {
        switch (sandbox.Resolve(mode))
        {
            case SandboxLevel.Bubblewrap:
                var works = (SandboxProbe.Works)sandbox;
                yield return new("sandbox", Grade.Ok, $"{works.Version} works ({works.Program})");
                yield return new("containment", Grade.Ok, $"{Containment.PidNamespace.Word()}: ending an agent ends all of its processes");
                break;
            case SandboxLevel.Vendor vendor:
                yield return new("sandbox", Grade.Warn, $"agents run unsandboxed but for their vendor's own: {vendor.Reason}", (sandbox as SandboxProbe.Fails)?.Advice);
                yield return Unsandboxed();
                break;
            case SandboxLevel.Refused refused:
                yield return new("sandbox", Grade.Fail, $"nothing will start: {refused.Reason}", refused.Advice);
                yield return Unsandboxed();
                break;
        }
    }

    private static Finding Unsandboxed() => new("containment", Grade.Warn,
        $"without a sandbox an agent's processes are held by a delegated cgroup where there is one ({Containment.Cgroup.Word()}), else found by search ({Containment.Scan.Word()})",
        "A search can miss a process that hides; the run then says so. A working sandbox is better.");
}
