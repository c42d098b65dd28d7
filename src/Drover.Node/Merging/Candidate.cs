using System.Text;
using Drover.Core;
using Drover.Node.Repositories;

namespace Drover.Node.Merging;

/// <summary>The commit that the target would become, made as objects only: no ref, no checkout and no index changes.</summary>
public abstract record Candidate
{
    private Candidate() { }

    public sealed record Clean(CommitSha Commit, TreeSha Tree) : Candidate;

    /// <summary>The head changes what the target has changed since; a merger must settle it.</summary>
    public sealed record Conflict(IReadOnlyList<string> Files) : Candidate;

    /// <summary>The target holds all of it already.</summary>
    public sealed record NothingNew : Candidate;

    /// <summary><c>land: ff</c>, and the head does not descend from the target's tip.</summary>
    public sealed record NotAhead : Candidate;

    /// <summary>The two have no history in common.</summary>
    public sealed record Unrelated : Candidate;

    public static async Task<Candidate> Make(
        Repository repository, CommitSha target, CommitSha head, LandMethod method, LandingCommit landing, CancellationToken cancellation)
    {
        return method switch
        {
            LandMethod.Ff => await repository.IsAncestor(head, target, cancellation) ? new NothingNew()
                : await repository.IsAncestor(target, head, cancellation) ? new Clean(head, await repository.TreeOf(head, cancellation))
                : new NotAhead(),
            LandMethod.Merge => await Join(repository, target, head, [target, head], landing, cancellation),
            LandMethod.Squash => await Join(repository, target, head, [target], landing, cancellation),
        };
    }

    private static async Task<Candidate> Join(
        Repository repository, CommitSha target, CommitSha head, CommitSha[] parents, LandingCommit landing, CancellationToken cancellation)
    {
        var merged = await MergedTree.Make(repository, target, head, cancellation);
        if (merged.ExitCode == 1) return new Conflict([.. merged.Records.Skip(1).Select(r => Encoding.UTF8.GetString(r)).Where(f => f.Length > 0).Distinct()]);
        if (merged.Error.Contains("unrelated histories", StringComparison.Ordinal)) return new Unrelated();
        var tree = new TreeSha(Encoding.ASCII.GetString(merged.Needed().Records.First()));
        if (tree == await repository.TreeOf(target, cancellation)) return new NothingNew();
        var command = new GitCommand(repository.Place, ["commit-tree", tree.Value, .. parents.SelectMany(p => new[] { "-p", p.Value })])
        {
            Environment = landing.Committer.Environment(repository.Git.Time),
        };
        return new Clean(new((await repository.Git.Run(command.Feeding(landing.Message), cancellation)).Needed().Line), tree);
    }
}

/// <summary>What the landing's own commit says, and who it is by.</summary>
public sealed record LandingCommit(string Message, Committer Committer);
