using Drover.Core;
using Drover.Node.Repositories;

namespace Drover.Node.Trees;

/// <summary>The refs in an attempt's own directory: its branch, and whatever its agent has put beside it.</summary>
internal static class AttemptRefs
{
    /// <summary>Deletes them all. What the target does not reach is salvaged first.</summary>
    public static async Task<IReadOnlyList<Salvaged>> Delete(Repository repository, AttemptId attempt, CommitSha target, CancellationToken cancellation)
    {
        var saved = new List<Salvaged>();
        var under = Path.GetDirectoryName(attempt.Branch.Ref)! + "/";
        var refs = (await repository.Run(cancellation, "for-each-ref", "--format=%(refname) %(objectname)", under)).Needed().Text;
        foreach (var line in refs.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, sha) = (line[..line.LastIndexOf(' ')], line[(line.LastIndexOf(' ') + 1)..]);
            if (await repository.Resolve(sha, cancellation) is { } tip && !await repository.IsAncestor(tip, target, cancellation))
            {
                saved.Add(await new Salvage(repository).SaveCommitInQueue(tip, attempt, cancellation));
            }

            (await repository.Run(cancellation, "update-ref", "--no-deref", "-d", name, sha)).Needed();
        }

        RefDirectory.Remove(repository, attempt.Branch);
        return saved;
    }
}
