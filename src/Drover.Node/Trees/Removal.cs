using Drover.Core;
using Drover.Node.Repositories;

namespace Drover.Node.Trees;

/// <summary>How the removal of a worktree ended.</summary>
/// <param name="Saved">What was put under a salvage ref on the way.</param>
public sealed record Removed(IReadOnlyList<Salvaged> Saved);

/// <summary>Removes worktrees. Each call is idempotent: what an interrupted one left is finished by the next.</summary>
public static class Removal
{
    /// <summary>Removes the worktree of an attempt; its branch stays. Uncommitted work, and commits that stand on no branch, are salvaged first.
    /// Nobody may work in it any more.</summary>
    public static Task<Removed> Remove(this Worktrees worktrees, string name, AttemptId attempt, CancellationToken cancellation) =>
        worktrees.Repository.InQueue(() => RemoveInQueue(worktrees, name, attempt, cancellation), cancellation);

    /// <summary>Removes worktree and branch, and whatever else stands among the attempt's own refs. Commits that <paramref name="target"/> does
    /// not reach are salvaged first.</summary>
    public static Task<Removed> RemoveWithBranch(this Worktrees worktrees, string name, AttemptId attempt, CommitSha target, CancellationToken cancellation) =>
        worktrees.Repository.InQueue(async () =>
        {
            var saved = (await RemoveInQueue(worktrees, name, attempt, cancellation)).Saved.ToList();
            saved.AddRange(await AttemptRefs.Delete(worktrees.Repository, attempt, target, cancellation));
            return new Removed(saved);
        }, cancellation);

    /// <summary>Removes a worktree that holds nobody's work (a gate's checkout, a reviewer's), whatever stands in it.</summary>
    public static Task Discard(this Worktrees worktrees, string name, CancellationToken cancellation) =>
        worktrees.Repository.InQueue(async () =>
        {
            await Drop(worktrees, worktrees.Root.PathOf(name), cancellation);
            return true;
        }, cancellation);

    /// <summary>Takes away what an interrupted <c>git worktree add</c> left. Nobody has worked in it.</summary>
    internal static async Task DropHalfMade(Worktrees worktrees, string path, string gitDir, CancellationToken cancellation)
    {
        await TreeDeletion.Delete(worktrees.Root, path, worktrees.Repository.Git.Time, cancellation);
        await TreeDeletion.DeleteAdmin(worktrees.Repository, gitDir, cancellation);
    }

    private static async Task<Removed> RemoveInQueue(Worktrees worktrees, string name, AttemptId attempt, CancellationToken cancellation)
    {
        var saved = new List<Salvaged>();
        if (worktrees.Find(name, attempt.Branch) is { } worktree)
        {
            await Mending.Mend(worktree, cancellation);
            var salvage = new Salvage(worktrees.Repository);
            if (await salvage.SaveUncommittedInQueue(worktree, attempt, cancellation) is { } uncommitted) saved.Add(uncommitted);
            var head = await worktree.Run(cancellation, "rev-parse", "--verify", "-q", "HEAD^{commit}");
            if (head.Ok && !await StandsOnABranch(worktree, head.Line, cancellation))
            {
                saved.Add(await salvage.SaveCommitInQueue(new(head.Line), attempt, cancellation));
            }
        }

        await Drop(worktrees, worktrees.Root.PathOf(name), cancellation);
        return new(saved);
    }

    private static async Task<bool> StandsOnABranch(Worktree worktree, string head, CancellationToken cancellation) =>
        (await worktree.Run(cancellation, "for-each-ref", "--count=1", $"--contains={head}", "--format=x", "refs/heads")).Needed().Line.Length > 0;

    internal static async Task Drop(Worktrees worktrees, string path, CancellationToken cancellation)
    {
        var gitDir = Admin.GitDirOf(worktrees.Repository, path);
        await TreeDeletion.Delete(worktrees.Root, path, worktrees.Repository.Git.Time, cancellation);
        if (gitDir is not null) await TreeDeletion.DeleteAdmin(worktrees.Repository, gitDir, cancellation);
        File.Delete(Worktree.Beside(path, "exclude"));
        File.Delete(Worktree.Beside(path, "made"));
    }
}
