using Drover.Core;
using Drover.Node.Repositories;

namespace Drover.Node.Trees;

/// <summary>Makes the worktrees of one repository below one root. Making is idempotent: after a crash at any point the same call mends what
/// stands and goes on.</summary>
public sealed class Worktrees(Repository repository, TreesRoot root)
{
    internal Repository Repository => repository;

    public TreesRoot Root => root;

    /// <summary>Where the worktree of this name stands or will stand.</summary>
    public string PathOf(string name) => root.PathOf(name);

    /// <summary>The worktree of this name, if it stands whole.</summary>
    public Worktree? Find(string name, BranchName? branch)
    {
        var path = root.PathOf(name);
        return Admin.GitDirOf(repository, path) is { } gitDir && !Admin.IsHalfMade(gitDir, path) && Directory.Exists(path)
            ? new(repository, path, gitDir, branch) : null;
    }

    /// <summary>Makes the worktree of a new line of work: a new branch at the base commit. A branch of that name with another commit is
    /// not taken over but refused, since it is somebody else's work.</summary>
    public Task<WorktreeMaking> Make(string name, BranchName branch, CommitSha @base, CancellationToken cancellation) =>
        repository.InQueue(async () =>
        {
            return await repository.Resolve(branch, cancellation) switch
            {
                null => await MakeInQueue(name, branch, @base, ["--no-track", "-b", branch.Value, root.PathOf(name), @base.Value], cancellation),
                { } tip when tip == @base => await MakeInQueue(name, branch, @base, [root.PathOf(name), branch.Value], cancellation),
                { } tip => new WorktreeMaking.Refused($"the branch {branch} exists already, at {tip.Short}"),
            };
        }, cancellation);

    /// <summary>Makes the worktree of a branch that exists, when the work on it goes on.</summary>
    public Task<WorktreeMaking> MakeAgain(string name, BranchName branch, CancellationToken cancellation) =>
        repository.InQueue(async () => await repository.Resolve(branch, cancellation) is { } tip
            ? await MakeInQueue(name, branch, tip, [root.PathOf(name), branch.Value], cancellation)
            : new WorktreeMaking.Refused($"the branch {branch} does not exist"), cancellation);

    /// <summary>The names of all trees below the root, those included whose removal was interrupted, also when the repository's record is all that is left of one:
    /// what no row knows of is left over.</summary>
    public IReadOnlyList<string> Names() => [.. Directory.EnumerateDirectories(root.Path).Concat(Admin.PathsBelow(repository, root.Path)).Select(d => Path.GetFileName(d)!)
        .Select(n => n.StartsWith(TreeDeletion.Doomed, StringComparison.Ordinal) ? n[TreeDeletion.Doomed.Length..] : n).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Makes a detached worktree of exactly this commit for a gate. One that stands already is made anew, since a gate that was interrupted has left its
    /// traces in it. Never given to an agent; <see cref="Removal.Discard"/> takes it away.</summary>
    public Task<WorktreeMaking> MakeClean(string name, CommitSha commit, CancellationToken cancellation) =>
        repository.InQueue(async () =>
        {
            await Removal.Drop(this, root.PathOf(name), cancellation);
            return await MakeInQueue(name, null, commit, ["--detach", root.PathOf(name), commit.Value], cancellation);
        }, cancellation);

    private async Task<WorktreeMaking> MakeInQueue(
        string name, BranchName? branch, CommitSha commit, IReadOnlyList<string> where, CancellationToken cancellation)
    {
        if (branch is { } wanted && !RefName.IsBranch(wanted.Value)) return new WorktreeMaking.Refused($"'{wanted}' cannot name a branch");
        var path = root.PathOf(name);
        if (await Standing(path, branch, commit, cancellation) is { } standing) return standing;

        var command = new GitCommand(repository.Place, ["worktree", "add", "--quiet", .. where])
        {
            Config = [.. await Filters.Off(repository, cancellation), "checkout.workers=0"],
        };
        var added = await repository.Git.Run(command, cancellation);
        if (!added.Ok) return IsTaken(added) ? new WorktreeMaking.Refused(added.Error) : throw new GitFailedException(added);
        return Finish(path, branch);
    }

    /// <summary>What stands at the path already: the worktree itself, something foreign, or nothing that must stay (null).</summary>
    private async Task<WorktreeMaking?> Standing(string path, BranchName? branch, CommitSha commit, CancellationToken cancellation)
    {
        var gitDir = Admin.GitDirOf(repository, path);
        if (gitDir is null)
        {
            return Path.Exists(path) && (File.Exists(path) || Directory.EnumerateFileSystemEntries(path).Any())
                ? new WorktreeMaking.Refused($"{path} exists and is not a worktree of {repository.CommonDir}; look into it and move it away")
                : null;
        }

        if (!Admin.IsHalfMade(gitDir, path) && Directory.Exists(path))
        {
            var made = (WorktreeMaking.Made)Finish(path, branch);
            if (branch is not null) return made;
            var head = await made.Worktree.Run(cancellation, "rev-parse", "--verify", "-q", "HEAD");
            return head.Line == commit.Value ? made : new WorktreeMaking.Refused($"{path} stands already, at {head.Line}");
        }

        await StrayGit.End(path, repository.Git.Time, cancellation);
        await Removal.DropHalfMade(this, path, gitDir, cancellation);
        return null;
    }

    private WorktreeMaking Finish(string path, BranchName? branch)
    {
        var gitDir = Admin.GitDirOf(repository, path) ?? throw new IOException($"git made {path}, but the repository does not know it");
        if (branch is { } b) RefDirectory.Make(repository, b);
        // Bound read-only in a sandbox, so that nothing can be configured here when the user switches per-worktree configuration on.
        File.AppendAllBytes(Path.Combine(gitDir, "config.worktree"), []);
        File.WriteAllBytes(Worktree.Beside(path, "made"), []);
        return new WorktreeMaking.Made(new(repository, path, gitDir, branch));
    }

    private static bool IsTaken(GitResult added) =>
        added.Error.Contains("already checked out", StringComparison.Ordinal) || added.Error.Contains("already used by", StringComparison.Ordinal)
        || added.Error.Contains("cannot lock ref", StringComparison.Ordinal) || added.Error.Contains("already exists", StringComparison.Ordinal);
}
