using Drover.Core;
using Drover.Node.Repositories;

namespace Drover.Node.Trees;

/// <summary>A checkout that Drover made.</summary>
/// <param name="Path">Absolute, below the trees root.</param>
/// <param name="GitDir">Its own git directory, <c>…/.git/worktrees/NAME</c>.</param>
/// <param name="Branch">The branch it was made for; null when detached. What its HEAD says now is in its facts.</param>
public sealed record Worktree(Repository Repository, string Path, string GitDir, BranchName? Branch)
{
    internal GitPlace Place => new(Repository.CommonDir, GitDir, Path);

    /// <summary>Paths that Drover put into the worktree and that must never be committed, in the form of a .gitignore.</summary>
    internal string ExcludeFile => Beside(Path, "exclude");

    /// <summary>A file of Drover's about the worktree. It lies beside it, where no agent writes.</summary>
    internal static string Beside(string path, string what) =>
        System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, $".{System.IO.Path.GetFileName(path)}.{what}");

    internal Task<GitResult> Run(CancellationToken cancellation, params string[] arguments) =>
        Repository.Git.Run(new(Place, arguments), cancellation);
}

public abstract record WorktreeMaking
{
    private WorktreeMaking() { }

    public sealed record Made(Worktree Worktree) : WorktreeMaking;

    /// <summary>Something that is not Drover's stands in the way. Nothing was changed.</summary>
    public sealed record Refused(string Why) : WorktreeMaking;
}
