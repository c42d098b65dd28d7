namespace Drover.Node.Repositories;

/// <summary>A repository, or why it cannot be used and what to do about it.</summary>
public abstract record RepositoryOpening
{
    private RepositoryOpening() { }

    public sealed record Opened(Repository Repository) : RepositoryOpening;

    /// <param name="Advice">What the user can do next, as a sentence or a command.</param>
    public sealed record Refused(RepositoryRefusal Why, string Message, string Advice) : RepositoryOpening;

    internal static async Task<RepositoryOpening> Open(Git git, string path, CancellationToken cancellation)
    {
        path = Path.GetFullPath(path);
        if (!Directory.Exists(path)) return Refuse(RepositoryRefusal.NoDirectory, $"{path} is not a directory", "Name the directory of a git repository.");
        var answer = await git.Discover(path,
            ["rev-parse", "--path-format=absolute", "--git-common-dir", "--git-dir", "--is-bare-repository", "--is-shallow-repository",
                "--is-inside-git-dir"], cancellation);
        if (!answer.Ok) return Because(path, answer);
        if (answer.Line.Split('\n') is not [var common, var gitDir, var bare, var shallow, var inside]) return Because(path, answer);
        common = RealPath.Of(common);
        var isBare = bare == "true";
        if (!isBare && inside == "true")
        {
            return Refuse(RepositoryRefusal.InsideGitDirectory, $"{path} is inside a .git directory", "Name the directory that holds the .git directory.");
        }

        if (Directory.Exists(Path.Combine(common, "reftable")))
        {
            return Refuse(RepositoryRefusal.RefFormat, $"{path} keeps its refs as a reftable, in which a sandbox cannot tell one branch from another",
                "Give it files: git refs migrate --ref-format=files");
        }

        var topLevel = isBare ? null
            : RealPath.Of(gitDir) == common ? RealPath.Of((await git.Discover(path, ["rev-parse", "--show-toplevel"], cancellation)).Needed().Line)
            : await MainCheckout(git, common, cancellation);
        var repository = new Repository(git, common, topLevel, shallow == "true");
        return await repository.Resolve("HEAD", cancellation) is not null
            ? new Opened(repository)
            : Refuse(RepositoryRefusal.NoCommits, $"{path} has no commits yet", "Make a first one: git commit --allow-empty -m 'First commit'");
    }

    /// <summary>The main checkout of a linked worktree; null when the repository it is linked to is bare.</summary>
    private static async Task<string?> MainCheckout(Git git, string common, CancellationToken cancellation)
    {
        var main = await git.Run(new(new(common, common, null), "rev-parse", "--is-bare-repository"), cancellation);
        if (main.Ok && main.Line == "true") return null;
        var trees = await git.Run(new(new(common, common, null), "worktree", "list", "--porcelain", "-z"), cancellation);
        var first = trees.Needed().Text.Split('\0')[0];
        return first.StartsWith("worktree ", StringComparison.Ordinal) && Directory.Exists(first[9..]) ? RealPath.Of(first[9..]) : null;
    }

    private static Refused Because(string path, GitResult answer)
    {
        if (answer.Error.Contains("dubious ownership", StringComparison.Ordinal))
        {
            return Refuse(RepositoryRefusal.UnsafeOwnership, $"{path} belongs to another user, so git does not trust it",
                $"If you do: git config --global --add safe.directory '{path}'");
        }

        return answer.Error.Contains("not a git repository", StringComparison.Ordinal)
            ? Refuse(RepositoryRefusal.NotARepository, $"{path} is not a git repository", "Make it one with git init, or name another directory.")
            : Refuse(RepositoryRefusal.Unreadable, $"git cannot read {path}: {answer.Error}", "Try git status there.");
    }

    private static Refused Refuse(RepositoryRefusal why, string message, string advice) => new(why, message, advice);
}

public enum RepositoryRefusal { NoDirectory, NotARepository, InsideGitDirectory, NoCommits, UnsafeOwnership, RefFormat, Unreadable }
