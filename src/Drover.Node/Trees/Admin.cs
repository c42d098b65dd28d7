using Drover.Node.Repositories;

namespace Drover.Node.Trees;

/// <summary>What the repository knows of its worktrees: the directories <c>.git/worktrees/NAME</c>.</summary>
internal static class Admin
{
    /// <summary>The git directory of the worktree at the path; null when the repository knows none there. Read from the repository's side,
    /// since the worktree's own <c>.git</c> file is in the agent's hands.</summary>
    public static string? GitDirOf(Repository repository, string path)
    {
        var all = Path.Combine(repository.CommonDir, "worktrees");
        if (!Directory.Exists(all)) return null;
        var wanted = Path.Combine(path, ".git");
        return Directory.EnumerateDirectories(all).FirstOrDefault(directory => ReadLine(Path.Combine(directory, "gitdir")) == wanted);
    }

    /// <summary>The worktrees directly below a directory that the repository has a record of, whether or not their files are there.</summary>
    public static IEnumerable<string> PathsBelow(Repository repository, string directory)
    {
        var all = Path.Combine(repository.CommonDir, "worktrees");
        return !Directory.Exists(all) ? [] : Directory.EnumerateDirectories(all).Select(d => Path.GetDirectoryName(ReadLine(Path.Combine(d, "gitdir"))))
            .OfType<string>().Where(p => Path.GetDirectoryName(p) == directory);
    }

    /// <summary>Whether git was stopped while it made the worktree: it holds such a one locked until the checkout is whole. Once Drover has seen it whole, nothing that
    /// an agent does to the git directory makes it half-made again.</summary>
    public static bool IsHalfMade(string gitDir, string path) =>
        !File.Exists(Worktree.Beside(path, "made")) && HasTraces(gitDir);

    private static bool HasTraces(string gitDir) =>
        ReadLine(Path.Combine(gitDir, "locked")) == "initializing" || !File.Exists(Path.Combine(gitDir, "HEAD"))
        || !File.Exists(Path.Combine(gitDir, "index")) || !File.Exists(Path.Combine(gitDir, "commondir"));

    private static string? ReadLine(string file)
    {
        try
        {
            return File.ReadAllText(file).TrimEnd('\n');
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
