using Drover.Node.Merging;

namespace Drover.Node.Repositories;

/// <summary>Makes a repository out of files that are there already.</summary>
public static class NewRepository
{
    /// <summary>Everything in the directory becomes the first commit of the branch. What the user's own configuration would add (templates, hooks, signatures)
    /// stays out of it, so that it is the same on every machine.</summary>
    public static async Task<Repository> Make(Git git, string directory, string branch, Committer committer, string message, CancellationToken cancellation)
    {
        (await git.Discover(directory, ["init", "--quiet", "--template=", "-b", branch], cancellation)).Needed();
        var gitDir = Path.Combine(RealPath.Of(directory), ".git");
        var place = new GitPlace(gitDir, gitDir, RealPath.Of(directory));
        string[][] steps =
        [
            ["config", "user.name", committer.Name],
            ["config", "user.email", committer.Email],
            ["config", "commit.gpgSign", "false"],
            ["config", "core.hooksPath", Path.Combine(gitDir, "hooks")],
            ["add", "--all"],
            ["commit", "--quiet", "-m", message],
        ];
        foreach (var step in steps) (await git.Run(new(place, step), cancellation)).Needed();
        return await Repository.Open(git, directory, cancellation) is RepositoryOpening.Opened opened
            ? opened.Repository : throw new IOException($"{directory} cannot be opened as a repository");
    }
}
