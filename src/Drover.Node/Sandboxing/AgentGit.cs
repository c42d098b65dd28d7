using System.Globalization;
using Drover.Node.Merging;
using Drover.Node.Trees;

namespace Drover.Node.Sandboxing;

/// <summary>What the git of an agent is told through its environment, inside a sandbox or not.</summary>
public static class AgentGit
{
    /// <summary>The directories outside of the worktree that commits on its branch change.</summary>
    public static IReadOnlyList<string> Directories(Worktree worktree) =>
    [
        worktree.GitDir, Path.Combine(worktree.Repository.CommonDir, "objects"),
        .. worktree.Branch is { } branch ? [RefDirectory.Of(worktree.Repository, branch), RefDirectory.LogsOf(worktree.Repository, branch)] : Array.Empty<string>(),
    ];

    /// <summary>Variables for whatever runs in the worktree, to be merged into its environment: who commits, what Drover has put there to be ignored, and that
    /// git tidies nothing up by itself, since several agents share one repository.</summary>
    /// <param name="committer">Inside a sandbox the user's own git configuration is not to be seen.</param>
    public static async Task<IReadOnlyDictionary<string, string>> Environment(Worktree worktree, Committer committer, CancellationToken cancellation)
    {
        await Excludes.Write(worktree, Excludes.Paths(worktree), cancellation);
        (string Key, string Value)[] settings =
        [
            ("user.name", committer.Name), ("user.email", committer.Email), ("core.excludesFile", worktree.ExcludeFile),
            ("gc.auto", "0"), ("maintenance.auto", "false"),
        ];
        var variables = new Dictionary<string, string> { ["GIT_CONFIG_COUNT"] = settings.Length.ToString(CultureInfo.InvariantCulture) };
        for (var i = 0; i < settings.Length; i++)
        {
            variables[string.Create(CultureInfo.InvariantCulture, $"GIT_CONFIG_KEY_{i}")] = settings[i].Key;
            variables[string.Create(CultureInfo.InvariantCulture, $"GIT_CONFIG_VALUE_{i}")] = settings[i].Value;
        }

        return variables;
    }
}
