using Drover.Core;
using Drover.Node.Repositories;
using Drover.Node.Trees;

namespace Drover.Node.Merging;

/// <summary>How the move of a target branch ended.</summary>
public abstract record TargetMove
{
    private TargetMove() { }

    /// <param name="Checkout">The checkout that followed; null when the branch is checked out nowhere.</param>
    public sealed record Moved(string? Checkout) : TargetMove;

    /// <summary>The branch is not where it was when the candidate was made: make and judge a new one.</summary>
    /// <param name="Actual">Where it is; null when it is gone.</param>
    public sealed record Raced(CommitSha? Actual) : TargetMove;

    /// <summary>The user's checkout of the branch cannot follow now. Neither the branch nor the checkout has changed; the same call is made again later.</summary>
    /// <param name="Reason">A sentence that says what the user can do.</param>
    /// <param name="Files">What stands in the way, if it is files.</param>
    public sealed record Waits(string Reason, IReadOnlyList<string> Files) : TargetMove;
}

/// <summary>Where a target branch stands after a crash, given the landing that was intended.</summary>
public abstract record TargetState
{
    private TargetState() { }

    /// <summary>The branch is the new commit or descends from it.</summary>
    public sealed record Landed : TargetState;

    /// <summary>The branch is still the old commit: do it again.</summary>
    public sealed record NotYet : TargetState;

    /// <summary>The branch is elsewhere: the intent is void. Null when the branch is gone.</summary>
    public sealed record Elsewhere(CommitSha? Actual) : TargetState;
}

/// <summary>Moves a project's target branch. A branch that is checked out is moved by <c>git merge --ff-only</c> in that checkout: index and files first, the
/// branch last, all of it by one git that compares before it swaps. To move the branch alone would turn the landing into a staged reversal of itself in the
/// user's checkout, one <c>git commit -a</c> away from being undone; so where the checkout cannot follow, the landing waits.</summary>
public static class Target
{
    /// <summary>Moves the branch from the old commit to the new one, whose objects are durable (<see cref="Durable"/>).</summary>
    /// <param name="trees">Drover's own worktrees, in which no branch is ever merged.</param>
    public static Task<TargetMove> Move(
        Repository repository, TreesRoot trees, BranchName branch, CommitSha old, CommitSha @new, CancellationToken cancellation) =>
        repository.InQueue<TargetMove>(async () =>
        {
            var actual = await repository.Resolve(branch, cancellation);
            if (actual == @new) return new TargetMove.Moved(null);
            if (actual != old || !await repository.IsAncestor(old, @new, cancellation)) return new TargetMove.Raced(actual);
            var checkouts = await Checkout.Of(repository, trees, branch, cancellation);
            return checkouts switch
            {
                [] => await Swap(repository, branch, old, @new, cancellation),
                [var one] => await UserCheckout.Follow(one, old, @new, cancellation),
                [var one, var other, ..] => new TargetMove.Waits($"{branch} is checked out twice, in {one.Path} and {other.Path}; switch one of them to another branch", []),
            };
        }, cancellation);

    /// <summary>Judges a landing whose end is not recorded.</summary>
    public static async Task<TargetState> Judge(Repository repository, BranchName branch, CommitSha old, CommitSha @new, CancellationToken cancellation)
    {
        if (await repository.Resolve(branch, cancellation) is not { } actual) return new TargetState.Elsewhere(null);
        if (actual == old) return new TargetState.NotYet();
        return await repository.Resolve(@new.Value, cancellation) is not null && await repository.IsAncestor(@new, actual, cancellation)
            ? new TargetState.Landed() : new TargetState.Elsewhere(actual);
    }

    private static async Task<TargetMove> Swap(Repository repository, BranchName branch, CommitSha old, CommitSha @new, CancellationToken cancellation)
    {
        var command = new GitCommand(repository.Place, "update-ref", "-m", "drover: land", branch.Ref, @new.Value, old.Value) { Config = GitSettings.Durable };
        var swapped = await repository.Git.Run(command, cancellation);
        if (swapped.Ok)
        {
            Flush.Directory(Path.GetDirectoryName(Path.Combine(repository.CommonDir, branch.Ref))!);
            return new TargetMove.Moved(null);
        }

        var actual = await repository.Resolve(branch, cancellation);
        if (actual != old) return new TargetMove.Raced(actual);
        if (!swapped.Error.Contains(".lock", StringComparison.Ordinal)) throw new GitFailedException(swapped);
        return new TargetMove.Waits($"another git holds {branch} locked; if none is running, delete the lock: {swapped.Error}", []);
    }
}
