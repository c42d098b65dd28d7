using Drover.Core;
using Drover.Node.Repositories;

namespace Drover.Node.Merging;

/// <summary>The merge of two commits as a tree, by <c>git merge-tree</c>.</summary>
internal static class MergedTree
{
    private const int LongestAttributes = 1 << 20;

    /// <summary>Exit code 0 is a clean tree, 1 a conflict (then the records after the first are the files).
    /// The merge attributes (<c>CHANGELOG.md merge=union</c>) are those of the target's root, read from an empty directory that holds nothing else: the
    /// candidate has no say in how it is merged, and a merge driver finds no file of its to run.</summary>
    public static async Task<GitResult> Make(Repository repository, CommitSha target, CommitSha head, CancellationToken cancellation)
    {
        var attributes = await repository.ReadFile(target, ".gitattributes", LongestAttributes, cancellation) as CommittedFile.Present;
        string[] arguments = ["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", target.Value, head.Value];
        if (attributes is null) return await repository.Run(cancellation, arguments);
        var empty = repository.Git.Scratch.Make("merge");
        try
        {
            await File.WriteAllBytesAsync(Path.Combine(empty.FullName, ".gitattributes"), attributes.Bytes, cancellation);
            return await repository.Git.Run(new(repository.Place with { WorkTree = empty.FullName }, arguments), cancellation);
        }
        finally
        {
            empty.Delete(recursive: true);
        }
    }
}
