using Drover.Node.Repositories;

namespace Drover.Node.Sandboxing;

/// <summary>The git directory that an agent sees. git deletes even a ref of the worktree's own (<c>CHERRY_PICK_HEAD</c>, <c>REBASE_HEAD</c>) only with
/// <c>packed-refs</c> locked, and it locks by making a file in the git directory. Bound read-only, that directory would leave each cherry-pick unfinished. So the agent's is
/// an empty private one, in which every directory is bound, and every file is a link into a read-only binding of the real one, so that
/// what the user's git replaces there is seen at once.</summary>
/// <param name="Directories">The names of the directories in the real one.</param>
/// <param name="Files">Those of the files, without <c>HEAD</c> and <c>packed-refs</c>.</param>
public sealed record RepositoryView(IReadOnlyList<string> Directories, IReadOnlyList<string> Files)
{
    internal static RepositoryView Of(Repository repository)
    {
        var directories = Directory.GetDirectories(repository.CommonDir).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal);
        var files = Directory.GetFiles(repository.CommonDir).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)
            .Where(name => name is not ("HEAD" or "packed-refs") && !name.EndsWith(".lock", StringComparison.Ordinal));
        return new([.. directories], [.. files]);
    }

    /// <summary>The arguments that mount the view in place of <paramref name="common"/>.</summary>
    /// <param name="real">Where the real directory is shown, read-only.</param>
    /// <param name="refs">A private directory for the lock of <c>packed-refs</c>.</param>
    internal IEnumerable<string> Mount(string common, string real, string refs)
    {
        List<string> a = ["--ro-bind", common, real, "--tmpfs", common, "--dir", refs];
        foreach (var name in Directories) a.AddRange(["--ro-bind", Path.Combine(common, name), Path.Combine(common, name)]);
        foreach (var name in Files) a.AddRange(["--symlink", Path.Combine(real, name), Path.Combine(common, name)]);
        // A link is no HEAD to git; the file of the main checkout is of no use to an agent and may grow old.
        a.AddRange(["--ro-bind", Path.Combine(common, "HEAD"), Path.Combine(common, "HEAD")]);

        // git follows five links to find the place of a lock, and the system follows more to find a file: the lock is made in the private directory.
        var from = Path.Combine(common, "packed-refs");
        for (var i = 1; i <= LinksToALock; i++)
        {
            var to = Path.Combine(refs, i.ToString(System.Globalization.CultureInfo.InvariantCulture));
            a.AddRange(["--symlink", to, from]);
            from = to;
        }

        a.AddRange(["--symlink", Path.Combine(real, "packed-refs"), from]);
        // This name taken, git cannot write packed refs: it would move the agent's branch out of the shared directory into the private one, and so away.
        a.AddRange(["--dir", from + ".new"]);
        return a;
    }

    private const int LinksToALock = 5;
}
