using Drover.Core;
using Drover.Node.Repositories;
using Drover.Node.Trees;

namespace Drover.Node.Merging;

/// <summary>A checkout of the user's that is on a branch, or was on it when it began a rebase that has not ended.</summary>
internal sealed record Checkout(Repository Repository, BranchName Branch, string Path, string GitDir)
{
    public GitPlace Place => new(Repository.CommonDir, GitDir, Path);

    /// <summary>The checkouts of the branch, the main one first. Drover's own and those whose directory is gone do not count.</summary>
    public static async Task<IReadOnlyList<Checkout>> Of(Repository repository, TreesRoot trees, BranchName branch, CancellationToken cancellation)
    {
        var found = new List<Checkout>();
        if (repository.TopLevel is { } top) found.Add(new(repository, branch, top, repository.CommonDir));
        var linked = System.IO.Path.Combine(repository.CommonDir, "worktrees");
        string[] known = Directory.Exists(linked) ? [.. Directory.EnumerateDirectories(linked).Order(StringComparer.Ordinal)] : [];
        foreach (var gitDir in known)
        {
            var file = System.IO.Path.Combine(gitDir, "gitdir");
            if (!File.Exists(file) || System.IO.Path.GetDirectoryName((await File.ReadAllTextAsync(file, cancellation)).TrimEnd('\n')) is not { } path) continue;
            if (Directory.Exists(path) && !trees.Holds(path)) found.Add(new(repository, branch, RealPath.Of(path), gitDir));
        }

        return [.. found.Where(c => c.IsOnBranch)];
    }

    private bool IsOnBranch => new[] { "HEAD", "rebase-merge/head-name", "rebase-apply/head-name" }
        .Select(name => System.IO.Path.Combine(GitDir, name))
        .Where(File.Exists)
        .Any(file => File.ReadAllText(file).Trim() is var text && (text == Branch.Ref || text == $"ref: {Branch.Ref}"));
}
