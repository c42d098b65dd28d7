using Drover.Node.Repositories;

namespace Drover.Node.Trees;

/// <summary>An agent can destroy its own worktree's HEAD and index. Its files are still work that must be saved.</summary>
internal static class Mending
{
    /// <summary>Puts back what git needs to read the worktree: a HEAD that names the branch, an index of HEAD's tree. The files are not touched.</summary>
    public static async Task Mend(Worktree worktree, CancellationToken cancellation)
    {
        if (worktree.Branch is { } branch && !(await worktree.Run(cancellation, "rev-parse", "--verify", "-q", "HEAD^{commit}")).Ok
            && await worktree.Repository.Resolve(branch, cancellation) is not null)
        {
            Replace(Path.Combine(worktree.GitDir, "HEAD"), $"ref: {branch.Ref}\n");
        }

        var index = new FileInfo(Path.Combine(worktree.GitDir, "index"));
        if (index is { Exists: true, LinkTarget: null } && (await worktree.Run(cancellation, "ls-files", "--cached", "-z", "--error-unmatch", "--", "/")).ExitCode != 128) return;
        File.Delete(index.FullName);
        File.Delete(index.FullName + ".lock");
        (await worktree.Run(cancellation, "read-tree", "HEAD")).Needed();
    }

    private static void Replace(string file, string text)
    {
        File.Delete(file);
        using var fresh = new StreamWriter(new FileStream(file, FileMode.CreateNew));
        fresh.Write(text);
    }
}
