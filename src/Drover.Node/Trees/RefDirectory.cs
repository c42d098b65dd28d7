using Drover.Core;
using Drover.Node.Repositories;

namespace Drover.Node.Trees;

/// <summary>The directory that holds an attempt's branch, and the one of its log. A sandbox binds both writable.</summary>
internal static class RefDirectory
{
    /// <summary>git passes over names with a leading dot when it looks for refs, but does not remove a directory that holds one. Without this file
    /// <c>git gc</c> in the user's clone packs the branch, removes the empty directory, and a live sandbox loses its only place for refs.</summary>
    private const string Keep = ".drover";

    public static string Of(Repository repository, BranchName branch) =>
        Path.Combine(repository.CommonDir, Path.GetDirectoryName(branch.Ref)!);

    public static string LogsOf(Repository repository, BranchName branch) =>
        Path.Combine(repository.CommonDir, "logs", Path.GetDirectoryName(branch.Ref)!);

    public static void Make(Repository repository, BranchName branch)
    {
        foreach (var directory in new[] { Of(repository, branch), LogsOf(repository, branch) })
        {
            Directory.CreateDirectory(directory);
            var keep = Path.Combine(directory, Keep);
            // Made anew or left alone, never opened: an agent may have put a link here.
            if (!Path.Exists(keep) && new FileInfo(keep).LinkTarget is null) new FileStream(keep, FileMode.CreateNew).Dispose();
        }
    }

    /// <summary>Removes the directories, and those above them that are empty then, up to <c>refs/heads</c>. Refs that are left in them stay.</summary>
    public static void Remove(Repository repository, BranchName branch)
    {
        foreach (var directory in new[] { Of(repository, branch), LogsOf(repository, branch) })
        {
            if (!Directory.Exists(directory)) continue;
            File.Delete(Path.Combine(directory, Keep));
            for (var here = directory; Path.GetFileName(here) != "heads"; here = Path.GetDirectoryName(here)!)
            {
                if (Directory.EnumerateFileSystemEntries(here).Any()) break;
                Directory.Delete(here);
            }
        }
    }
}
