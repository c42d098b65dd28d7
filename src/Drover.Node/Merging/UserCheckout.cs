using Drover.Core;
using Drover.Node.Repositories;
using Drover.Node.Trees;

namespace Drover.Node.Merging;

/// <summary>Takes a checkout of the user's, and with it the branch it is on, forward to a commit. Nothing else is ever written there.</summary>
internal static class UserCheckout
{
    public static async Task<TargetMove> Follow(Checkout checkout, CommitSha old, CommitSha @new, CancellationToken cancellation)
    {
        if (Facts.UnfinishedIn(checkout.GitDir) is { } unfinished && unfinished is not "bisect")
        {
            return new TargetMove.Waits($"a {unfinished} is in progress in {checkout.Path}; finish or abort it", []);
        }

        var merged = await Merge(checkout, @new, cancellation);
        if (!merged.Ok && InTheWay(merged) is { Count: > 0 } files)
        {
            // Files that hold already what they are to become stand in nobody's way: a merge that lost power half-way leaves such.
            if (!await Take(checkout, files, old, @new, cancellation)) return Overlap(checkout, files);
            merged = await Merge(checkout, @new, cancellation);
        }

        if (merged.Ok) return await Verify(checkout, @new, cancellation);
        if (InTheWay(merged) is { Count: > 0 } left) return Overlap(checkout, left);
        if (merged.Error.Contains("index.lock", StringComparison.Ordinal))
        {
            return new TargetMove.Waits($"another git works in {checkout.Path}; if none does, delete {Path.Combine(checkout.GitDir, "index.lock")}", []);
        }

        var actual = await checkout.Repository.Resolve(checkout.Branch, cancellation);
        return actual != old ? new TargetMove.Raced(actual)
            : new TargetMove.Waits($"git cannot take {checkout.Path} forward: {merged.Error}", []);
    }

    private static Task<GitResult> Merge(Checkout checkout, CommitSha @new, CancellationToken cancellation)
    {
        // Each option here overrules one that merge.* or branch.*.mergeOptions may set. Ignored files are files too: they are not overwritten.
        var command = new GitCommand(checkout.Place, "merge", "--ff-only", "--no-squash", "--commit", "--no-autostash", "--no-verify-signatures", "--no-stat",
            "--no-overwrite-ignore", "--quiet", @new.Value)
        {
            Config = GitSettings.Durable,
            Environment = new Dictionary<string, string> { ["GIT_REFLOG_ACTION"] = "drover: land" },
        };
        return checkout.Repository.Git.Run(command, cancellation);
    }

    private static async Task<TargetMove> Verify(Checkout checkout, CommitSha @new, CancellationToken cancellation)
    {
        var actual = await checkout.Repository.Resolve(checkout.Branch, cancellation);
        Flush.Directory(Path.GetDirectoryName(Path.Combine(checkout.Repository.CommonDir, checkout.Branch.Ref))!);
        // 'Already up to date' is an answer of merge as well: the branch has gone past the new commit in the meantime.
        return actual is { } tip && await checkout.Repository.IsAncestor(@new, tip, cancellation) ? new TargetMove.Moved(checkout.Path) : new TargetMove.Raced(actual);
    }

    /// <summary>The files that git names in its refusal, each on a line of its own behind a tab.</summary>
    private static List<string> InTheWay(GitResult merged) =>
        [.. merged.Error.Split('\n').Where(l => l.StartsWith('\t')).Select(l => l[1..])];

    private static TargetMove.Waits Overlap(Checkout checkout, IReadOnlyList<string> files) =>
        new($"your own changes in {checkout.Path} overlap with what is to land; commit, stash or move them", files);

    private static async Task<bool> Take(Checkout checkout, List<string> files, CommitSha old, CommitSha @new, CancellationToken cancellation)
    {
        foreach (var file in files)
        {
            if (!await HoldsAlready(checkout, file, old, @new, cancellation)) return false;
        }

        var command = new GitCommand(checkout.Place, ["update-index", "--add", "--remove", "-z", "--stdin"]);
        return (await checkout.Repository.Git.Run(command.Feeding(string.Concat(files.Select(f => f + "\0"))), cancellation)).Ok;
    }

    private static async Task<bool> HoldsAlready(Checkout checkout, string file, CommitSha old, CommitSha @new, CancellationToken cancellation)
    {
        var wanted = await Entry(checkout, @new, file, cancellation);
        var path = new FileInfo(Path.Combine(checkout.Path, file));
        if (wanted is null) return await Entry(checkout, old, file, cancellation) is not null && !Path.Exists(path.FullName);
        if (!path.Exists || path.LinkTarget is not null || wanted is not ["100644" or "100755", _, var sha]) return false;
        var hash = await checkout.Repository.Git.Run(new(checkout.Place, "hash-object", "--", file), cancellation);
        return hash.Ok && hash.Line == sha;
    }

    /// <summary>Mode, type and id of a commit's file.</summary>
    private static async Task<string[]?> Entry(Checkout checkout, CommitSha commit, string file, CancellationToken cancellation)
    {
        var listed = (await checkout.Repository.Run(cancellation, "ls-tree", "-z", "--full-tree", commit.Value, "--", file)).Needed().Text;
        return listed.Length == 0 ? null : listed[..listed.IndexOf('\t')].Split(' ');
    }
}
