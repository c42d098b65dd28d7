using System.ComponentModel;
using Drover.Core;
using Drover.Node.Processes;

namespace Drover.Node.Sandboxing;

/// <summary>Whether bubblewrap works on this machine.</summary>
public abstract record SandboxProbe
{
    private SandboxProbe() { }

    public sealed record Works(string Program, string Version) : SandboxProbe
    {
        /// <summary>Whether a sandbox may also have a network of its own, with loopback alone; some containers do not allow it.</summary>
        public async Task<bool> CanHideNetwork(TimeProvider time, CancellationToken cancellation) =>
            (await Run(Program, ["--unshare-user-try", "--unshare-net", "--die-with-parent", "--ro-bind", "/", "/", "--", "/bin/sh", "-c", ":"], time, cancellation)).ExitCode == 0;
    }

    /// <param name="Advice">What makes it work.</param>
    public sealed record Fails(string Why, string Advice) : SandboxProbe;

    /// <summary>Starts a program the way a sandbox does. Takes some 10 ms; ask once at start.</summary>
    public static async Task<SandboxProbe> Try(TimeProvider time, CancellationToken cancellation)
    {
        const string install = "Debian, Ubuntu: sudo apt install bubblewrap · Fedora: sudo dnf install bubblewrap";
        if (OperatingSystem.IsMacOS()) return new Fails("bubblewrap needs Linux", "On macOS the agents' own sandboxes are used.");
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin").Split(':')
            .Where(d => d.StartsWith('/')).Select(d => Path.Combine(d, "bwrap")).FirstOrDefault(File.Exists);
        if (program is null) return new Fails("bubblewrap (bwrap) is not installed", install);
        try
        {
            var tried = await Run(program, ["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-user-try", "--unshare-cgroup-try", "--die-with-parent",
                "--new-session", "--cap-drop", "ALL", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp", "--", "/bin/sh", "-c", ":"], time, cancellation);
            if (tried.ExitCode != 0)
            {
                return new Fails($"bubblewrap does not work here: {tried.Error}",
                    "User namespaces may be switched off: sudo sysctl -w kernel.unprivileged_userns_clone=1, on Ubuntu kernel.apparmor_restrict_unprivileged_userns=0; in a container, more privileges.");
            }

            var version = await Run(program, ["--version"], time, cancellation);
            return new Works(program, System.Text.Encoding.UTF8.GetString(version.Output).Trim());
        }
        catch (Exception e) when (e is Win32Exception or TimeoutException)
        {
            return new Fails($"bubblewrap does not work here: {e.Message}", install);
        }
    }

    /// <summary>What a mode comes to on this machine.</summary>
    public SandboxLevel Resolve(SandboxMode mode) => (mode, this) switch
    {
        (SandboxMode.Off, _) => new SandboxLevel.Vendor("the sandbox is switched off"),
        (_, Works works) => new SandboxLevel.Bubblewrap(works.Program),
        (SandboxMode.Required, Fails fails) => new SandboxLevel.Refused($"sandbox: required, but {fails.Why}", fails.Advice),
        (_, Fails fails) => new SandboxLevel.Vendor(fails.Why),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static Task<ChildResult> Run(string program, string[] arguments, TimeProvider time, CancellationToken cancellation) =>
        Child.Run(new(program, arguments, new Dictionary<string, string> { ["LC_ALL"] = "C" }, "/") { Limit = TimeSpan.FromSeconds(20) }, time, cancellation);
}

/// <summary>How runs are kept apart on this machine; recorded with each run.</summary>
public abstract record SandboxLevel
{
    private SandboxLevel() { }

    public sealed record Bubblewrap(string Program) : SandboxLevel;

    /// <summary>Only what the vendor's own sandbox does.</summary>
    public sealed record Vendor(string Reason) : SandboxLevel;

    /// <summary>A sandbox is required and there is none: nothing starts.</summary>
    public sealed record Refused(string Reason, string Advice) : SandboxLevel;
}
