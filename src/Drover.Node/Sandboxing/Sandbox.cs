using Drover.Node.Trees;

namespace Drover.Node.Sandboxing;

/// <summary>Puts a command line into bubblewrap. Pure: the arguments follow from the spec alone.</summary>
public static class Sandbox
{
    /// <summary>What lies below <c>/run</c> and belongs to the system: name resolution, and on NixOS the programs.</summary>
    private static readonly string[] SystemBelowRun =
        ["/run/systemd/resolve", "/run/resolvconf", "/run/NetworkManager/resolv.conf", "/run/current-system", "/run/opengl-driver"];

    /// <summary>What of <c>/proc</c> reaches beyond a PID namespace when its reader is root: <c>core_pattern</c> alone starts programs outside.</summary>
    private static readonly string[] DangerousInProc = ["/proc/sys", "/proc/sysrq-trigger", "/proc/irq", "/proc/bus", "/proc/pressure", "/proc/mtrr"];

    /// <summary>The arguments that run <paramref name="command"/> inside, beginning with <paramref name="bubblewrap"/>, the program's path.</summary>
    public static IReadOnlyList<string> Wrap(string bubblewrap, SandboxSpec spec, IReadOnlyList<string> command)
    {
        var a = new Arguments();
        a.Add(bubblewrap, "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-user-try", "--unshare-cgroup-try",
            "--die-with-parent", "--new-session", "--cap-drop", "ALL");
        if (spec.Network == NetworkAccess.None) a.Add("--unshare-net");
        a.Add("--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc");
        foreach (var path in DangerousInProc) a.ReadOnlyIfThere(path);
        foreach (var path in spec.Hidden) a.Add("--tmpfs", path);
        foreach (var path in SystemBelowRun) a.ReadOnlyIfThere(path);
        a.Add("--dir", spec.Home);
        foreach (var path in spec.ReadOnly) a.ReadOnlyIfThere(path);
        foreach (var path in spec.ReadWrite) a.Add("--bind-try", path, path);
        foreach (var path in spec.HiddenLast) a.Add("--tmpfs", path);
        if (spec.OwnHome is { } own) a.Writable(own);
        foreach (var file in spec.Handed) a.ReadOnly(file);
        BindTree(a, spec);
        a.Add("--chdir", spec.Worktree.Path, "--setenv", "HOME", spec.Home, "--setenv", "TMPDIR", "/tmp", "--unsetenv", "XDG_RUNTIME_DIR");
        a.Add("--");
        a.Add([.. command]);
        return a.All;
    }

    private static void BindTree(Arguments a, SandboxSpec spec)
    {
        var tree = spec.Worktree;
        var common = tree.Repository.CommonDir;
        if (spec.Git == GitAccess.Read) a.ReadOnly(common);
        else a.Add([.. spec.View.Mount(common, Worktree.Beside(tree.Path, "git"), Worktree.Beside(tree.Path, "refs"))]);
        foreach (var source in spec.Sources) a.ReadOnlyIfThere(source);
        a.Add("--bind", tree.Path, tree.Path);
        a.ReadOnly(Path.Combine(tree.Path, ".git"));
        a.ReadOnlyIfThere(tree.ExcludeFile);
        if (spec.Git == GitAccess.Read) return;

        // Packs hold everybody's history; an agent's git writes loose objects only.
        var objects = Path.Combine(common, "objects");
        a.Writable(objects);
        a.ReadOnlyIfThere(Path.Combine(objects, "pack"));
        a.ReadOnlyIfThere(Path.Combine(objects, "info"));
        a.Writable(tree.GitDir);
        // These lead git to the repository and its configuration. Writable, they would make the server's git run what an agent says.
        foreach (var name in new[] { "commondir", "gitdir", "config.worktree" }) a.ReadOnly(Path.Combine(tree.GitDir, name));
        if (tree.Branch is not { } branch) return;
        a.Writable(RefDirectory.Of(tree.Repository, branch));
        a.Writable(RefDirectory.LogsOf(tree.Repository, branch));
    }

    private sealed class Arguments
    {
        public List<string> All { get; } = [];

        public void Add(params string[] arguments) => All.AddRange(arguments);

        public void Writable(string path) => Add("--bind", path, path);

        public void ReadOnly(string path) => Add("--ro-bind", path, path);

        public void ReadOnlyIfThere(string path) => Add("--ro-bind-try", path, path);
    }
}
