using Drover.Core;
using Drover.Node.Containing;
using Drover.Node.Keeping;
using Drover.Node.Merging;
using Drover.Node.Sandboxing;
using Drover.Node.Trees;

namespace Drover.Server.Runs;

/// <summary>What surrounds a job: the sandbox, where there is one, and what holds its processes together.</summary>
internal sealed class Confinement
{
    private readonly RunPlace _place;
    private readonly RunSandbox _wish;
    private readonly Worktree? _worktree;
    private readonly string _directory;
    private readonly SandboxLevel _level;
    private readonly Ladder _ladder;

    private Confinement(RunPlace place, RunSandbox wish, string directory, Worktree? worktree, SandboxLevel level, Ladder ladder) =>
        (_place, _wish, _directory, _worktree, _level, _ladder) = (place, wish, directory, worktree, level, ladder);

    /// <summary>What the row of a run says of one that Drover's sandbox surrounds.</summary>
    public const string Bubblewrap = "bubblewrap";

    public bool IsSandboxed => _level is SandboxLevel.Bubblewrap;

    /// <summary>The level, for people.</summary>
    public string Words => _level switch
    {
        SandboxLevel.Bubblewrap => Bubblewrap,
        SandboxLevel.Vendor v => $"the agent's own only: {v.Reason}",
        SandboxLevel.Refused r => r.Reason,
        _ => throw new InvalidOperationException("an unknown sandbox level"),
    };

    /// <exception cref="LaunchRefusedException">A sandbox is required and does not work here.</exception>
    public static Task<Confinement> Of(RunPlace place, RunSandbox wish, Worktree worktree) => Of(place, wish, worktree.Path, worktree);

    /// <summary>In the user's own checkout, by the user's own wish: nothing surrounds it.</summary>
    public static Task<Confinement> None(RunPlace place, RunSandbox wish, string directory) => Of(place, wish with { Mode = SandboxMode.Off }, directory, null);

    private static async Task<Confinement> Of(RunPlace place, RunSandbox wish, string directory, Worktree? worktree)
    {
        var level = (await place.Sandbox).Resolve(wish.Mode);
        if (level is SandboxLevel.Refused refused) throw new LaunchRefusedException($"{refused.Reason}. {refused.Advice}");
        return new(place, wish, directory, worktree, level, await place.Ladder);
    }

    public async Task AddGit(Dictionary<string, string> environment, CancellationToken ct)
    {
        if (_worktree is null) return;
        var committer = await Committer.Of(_worktree.Repository, ct) ?? new Committer("Drover", "drover@localhost");
        foreach (var (name, value) in await AgentGit.Environment(_worktree, committer, ct)) environment[name] = value;
    }

    /// <param name="homePaths">What of the user's home the program reads and writes, relative to it.</param>
    /// <param name="isolatedHome">A home of its own, or null for the user's.</param>
    /// <param name="handed">Files of Drover's own that it reads.</param>
    public JobSpec Wrap(IReadOnlyList<string> arguments, Dictionary<string, string> environment, IReadOnlyList<string> homePaths, string? isolatedHome,
        IReadOnlyList<string> handed, GitAccess git) => Wrap(arguments, arguments, environment, homePaths, isolatedHome, handed, git);

    /// <param name="shown">The command line whose program and files are shown to it: its own where Drover's user wrote that, and not where an agent did.</param>
    public JobSpec Wrap(IReadOnlyList<string> arguments, IReadOnlyList<string> shown, Dictionary<string, string> environment, IReadOnlyList<string> homePaths,
        string? isolatedHome, IReadOnlyList<string> handed, GitAccess git)
    {
        var user = Environments.UserHome;
        if (isolatedHome is not null) environment["HOME"] = isolatedHome;
        if (_level is not SandboxLevel.Bubblewrap bubblewrap || _worktree is null)
            return new(arguments, environment, _directory, _ladder.Unsandboxed);
        var spec = SandboxSpec.For(_worktree, git, user, _place.Home, _place.SocketDirectory);
        spec = spec with
        {
            Network = _wish.Network ? NetworkAccess.Open : NetworkAccess.None,
            Handed = handed,
            ReadOnly = [.. ProgramPaths.Of([.. shown.Except(handed)], environment.GetValueOrDefault("PATH") ?? ""), .. _wish.Read.Select(Expand)],
            Home = isolatedHome ?? spec.Home,
            OwnHome = isolatedHome,
            ReadWrite = [.. homePaths.Select(p => Path.Combine(user, p.TrimEnd('/'))), .. _wish.Write.Select(Expand)],
        };
        return new(Sandbox.Wrap(bubblewrap.Program, spec, arguments), environment, _worktree.Path, _ladder.Sandboxed);
    }

    /// <summary>Configured paths may begin with <c>~/</c>.</summary>
    private static string Expand(string path) => path.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(Environments.UserHome, path[2..]) : path;
}
