using System.Globalization;
using System.Text.RegularExpressions;
using Drover.Core;

namespace Drover.Node.Trees;

public sealed record DiffStat(int Files, int Insertions, int Deletions);

public sealed record CommitLine(CommitSha Sha, string Subject);

/// <summary>What stands in a worktree at this moment.</summary>
/// <param name="Branch">The branch that HEAD names; null when it is detached. Not necessarily the one Drover made.</param>
/// <param name="Commits">How many commits HEAD has beyond the base.</param>
/// <param name="Newest">Their newest, at most 50, newest first.</param>
/// <param name="Stat">What they change together.</param>
/// <param name="Uncommitted">At most 200 files; <paramref name="UncommittedCount"/> counts all.</param>
/// <param name="Unfinished">What git was left in the middle of: <c>merge</c>, <c>rebase</c>, <c>cherry-pick</c>, <c>revert</c>, <c>bisect</c>; or null.</param>
/// <param name="CommittedLinks">Links of Drover's recipe that were committed; they must not land.</param>
public sealed partial record Facts(
    CommitSha Head, BranchName? Branch, int Commits, IReadOnlyList<CommitLine> Newest, DiffStat Stat,
    IReadOnlyList<Change> Uncommitted, int UncommittedCount, string? Unfinished, IReadOnlyList<string> CommittedLinks)
{
    private const int NewestShown = 50;
    private const int UncommittedShown = 200;

    /// <summary>Reads the facts of a worktree against the commit its work began at.</summary>
    public static async Task<Facts> Read(Worktree worktree, CommitSha @base, CancellationToken cancellation)
    {
        var head = new CommitSha((await worktree.Run(cancellation, "rev-parse", "--verify", "HEAD^{commit}")).Needed().Line);
        var branch = await worktree.Run(cancellation, "symbolic-ref", "-q", "HEAD");
        var range = $"{@base}..{head}";
        var count = (await worktree.Run(cancellation, "rev-list", "--count", range)).Needed().Line;
        var log = (await worktree.Run(cancellation, "log", "-z", $"--max-count={NewestShown}", "--format=%H %s", range)).Needed();
        var status = await Status.Read(worktree, cancellation);
        return new(head,
            branch.Ok && branch.Line.StartsWith("refs/heads/", StringComparison.Ordinal) ? new BranchName(branch.Line[11..]) : null,
            int.Parse(count, CultureInfo.InvariantCulture),
            [.. log.Text.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(l => new CommitLine(new(l[..l.IndexOf(' ')]), l[(l.IndexOf(' ') + 1)..]))],
            await Diff.Stat(worktree.Repository, @base, head, cancellation),
            [.. status.Entries.Take(UncommittedShown).Select(e => new Change(e.Path, e.Kind))], status.Entries.Count,
            UnfinishedIn(worktree.GitDir), await LinksIn(worktree, head, cancellation));
    }

    /// <summary>What git was left in the middle of in a checkout's git directory; null when nothing.</summary>
    internal static string? UnfinishedIn(string gitDir) =>
        Directory.Exists(Path.Combine(gitDir, "rebase-merge")) || Directory.Exists(Path.Combine(gitDir, "rebase-apply")) ? "rebase"
        : File.Exists(Path.Combine(gitDir, "MERGE_HEAD")) ? "merge"
        : File.Exists(Path.Combine(gitDir, "CHERRY_PICK_HEAD")) ? "cherry-pick"
        : File.Exists(Path.Combine(gitDir, "REVERT_HEAD")) ? "revert"
        : File.Exists(Path.Combine(gitDir, "BISECT_LOG")) ? "bisect" : null;

    private static async Task<IReadOnlyList<string>> LinksIn(Worktree worktree, CommitSha head, CancellationToken cancellation)
    {
        var placed = Excludes.Paths(worktree);
        if (placed.Count == 0) return [];
        var listed = (await worktree.Run(cancellation, ["ls-tree", "-z", "--full-tree", head.Value, "--", .. placed])).Needed();
        return [.. listed.Text.Split('\0').Where(l => l.StartsWith("120000 ", StringComparison.Ordinal)).Select(l => l[(l.IndexOf('\t') + 1)..])];
    }

    [GeneratedRegex(@"(\d+) (file|insertion|deletion)")]
    internal static partial Regex StatPattern();
}
