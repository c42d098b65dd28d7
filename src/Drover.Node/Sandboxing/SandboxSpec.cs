using Drover.Node.Trees;

namespace Drover.Node.Sandboxing;

/// <summary>What of the repository a sandboxed program may change.</summary>
public enum GitAccess
{
    /// <summary>Nothing: gates, <c>post_create</c>, previews, and the roles that only read.</summary>
    Read,

    /// <summary>What commits on the worktree's own branch need, and no more.</summary>
    Commit,
}

public enum NetworkAccess { Open, None }

/// <summary>What a sandboxed program sees and may change. Paths are absolute; those of <see cref="Hidden"/> exist.</summary>
public sealed record SandboxSpec
{
    public required Worktree Worktree { get; init; }

    public required GitAccess Git { get; init; }

    public NetworkAccess Network { get; init; } = NetworkAccess.Open;

    /// <summary>HOME inside. It is empty and private, except for what <see cref="ReadOnly"/> and <see cref="ReadWrite"/> show of it.</summary>
    public required string Home { get; init; }

    /// <summary>A home that Drover keeps for this program alone: writable, although it may lie in a directory that is hidden.</summary>
    public string? OwnHome { get; init; }

    /// <summary>The directories that are empty inside, the homes of people first of all.</summary>
    public required IReadOnlyList<string> Hidden { get; init; }

    /// <summary>Drover's own directories (its home, which holds the worktree, and its socket's): hidden after everything else, so that no other path
    /// shows them.</summary>
    public required IReadOnlyList<string> HiddenLast { get; init; }

    /// <summary>Files of Drover's own that the program is to read, although they lie in a directory that is hidden.</summary>
    public IReadOnlyList<string> Handed { get; init; } = [];

    /// <summary>Paths that are shown although they lie in a hidden directory: the agent's program, its settings. Missing ones are left out.</summary>
    public IReadOnlyList<string> ReadOnly { get; init; } = [];

    /// <summary>Paths that may be changed: the vendor's own directory below the home. Missing ones are left out.</summary>
    public IReadOnlyList<string> ReadWrite { get; init; } = [];

    /// <summary>What the recipe's links and the repository's alternates point at: shown, never writable.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>What the repository's git directory holds at the start.</summary>
    public required RepositoryView View { get; init; }

    /// <summary>A spec for a worktree on this machine, with a private home and private temporary directories.</summary>
    /// <param name="droverHome">The state directory: hidden as a whole, but for the worktree.</param>
    /// <param name="socketDirectory">Where the server listens.</param>
    public static SandboxSpec For(Worktree worktree, GitAccess git, string userHome, string droverHome, string socketDirectory)
    {
        string[] hidden = [.. new[] { "/tmp", "/var/tmp", "/run", userHome }.Where(Directory.Exists).Select(Repositories.RealPath.Of).Distinct()];
        return new()
        {
            Worktree = worktree,
            Git = git,
            Sources = [.. Links.Sources(worktree), .. worktree.Repository.Alternates()],
            View = RepositoryView.Of(worktree.Repository),
            Home = hidden.Contains(Repositories.RealPath.Of(userHome)) ? Repositories.RealPath.Of(userHome) : "/tmp/home",
            Hidden = hidden,
            HiddenLast = [.. new[] { droverHome, socketDirectory }.Where(Directory.Exists).Select(Repositories.RealPath.Of).Distinct()],
        };
    }
}
