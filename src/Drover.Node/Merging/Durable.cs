using Drover.Core;
using Drover.Node.Repositories;

namespace Drover.Node.Merging;

/// <summary>Makes objects survive a power failure. Neither <c>git commit</c> nor an agent's tools flush what they write, so a ref must not move to a
/// commit before this.</summary>
public static class Durable
{
    /// <summary>Writes what <paramref name="new"/> has beyond <paramref name="old"/> into one flushed pack. Calling it again changes nothing.</summary>
    public static Task Make(Repository repository, CommitSha old, CommitSha @new, CancellationToken cancellation) =>
        repository.InQueue(async () =>
        {
            await MakeInQueue(repository, old, @new, cancellation);
            return true;
        }, cancellation);

    internal static async Task MakeInQueue(Repository repository, CommitSha? old, CommitSha @new, CancellationToken cancellation)
    {
        var packs = Path.Combine(repository.CommonDir, "objects", "pack");
        var known = old?.Value ?? (await repository.Run(cancellation, "rev-parse", "--verify", "HEAD^{commit}")).Needed().Line;
        Directory.CreateDirectory(packs);
        var command = new GitCommand(repository.Place, "pack-objects", "--revs", "--non-empty", "--delta-base-offset", "-q", Path.Combine(packs, "pack"))
        {
            Config = GitSettings.Durable,
        };
        (await repository.Git.Run(command.Feeding($"{@new}\n^{known}\n"), cancellation)).Needed();
        Flush.Directory(packs);
    }
}
