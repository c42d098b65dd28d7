using Drover.Node.Processes;
using Drover.Node.Repositories;

namespace Drover.Node.Trees;

/// <summary>Deletes a directory tree below Drover's root: never through a link, never onto another file system.</summary>
internal static class TreeDeletion
{
    /// <summary>What the name of a tree begins with while it is being deleted.</summary>
    public const string Doomed = ".removing-";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Deletes the tree at the path; nothing there is fine. The tree is first renamed, so that an interrupted deletion never leaves half of a
    /// worktree that looks like one whose files an agent has deleted.</summary>
    public static async Task Delete(TreesRoot root, string path, TimeProvider time, CancellationToken cancellation)
    {
        if (Path.GetDirectoryName(path) != root.Path) throw new InvalidOperationException($"{path} is not directly below {root.Path}");
        var doomed = Path.Combine(root.Path, Doomed + Path.GetFileName(path));
        await DeleteNow(doomed, time, cancellation);
        if (new FileInfo(path).LinkTarget is not null)
        {
            File.Delete(path);
            return;
        }

        if (!Directory.Exists(path)) return;
        RefuseMounts(path);
        Directory.Move(path, doomed);
        await DeleteNow(doomed, time, cancellation);
    }

    /// <summary>Deletes the repository's own record of a worktree whose files are gone.</summary>
    public static async Task DeleteAdmin(Repository repository, string gitDir, CancellationToken cancellation)
    {
        if (Path.GetDirectoryName(gitDir) != Path.Combine(repository.CommonDir, "worktrees")) throw new InvalidOperationException($"{gitDir} is not a worktree's");
        await DeleteNow(gitDir, repository.Git.Time, cancellation);
    }

    /// <summary>rm, since it names files by their bytes, which .NET cannot, and never follows a link. Go and Nix make directories read-only: the second
    /// try makes them writable.</summary>
    private static async Task DeleteNow(string path, TimeProvider time, CancellationToken cancellation)
    {
        if (!Directory.Exists(path)) return;
        if ((await Run("rm", ["-rf", "--", path], time, cancellation)).ExitCode == 0) return;
        await Run("chmod", ["-R", "u+rwx", "--", path], time, cancellation);
        var again = await Run("rm", ["-rf", "--", path], time, cancellation);
        if (again.ExitCode != 0) throw new IOException($"{path} cannot be deleted: {again.Error}");
    }

    private static Task<ChildResult> Run(string program, string[] arguments, TimeProvider time, CancellationToken cancellation) =>
        Child.Run(new(program, arguments, new Dictionary<string, string> { ["LC_ALL"] = "C", ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin" }, "/")
        {
            Limit = Limit,
        }, time, cancellation);

    /// <summary>Something mounted inside the tree is somebody's: it is named, not emptied.</summary>
    private static void RefuseMounts(string path)
    {
        const string mounts = "/proc/self/mountinfo";
        if (!File.Exists(mounts)) return;
        var inside = File.ReadLines(mounts).Select(l => Unescape(l.Split(' ')[4])).FirstOrDefault(m => m == path || RealPath.IsBelow(m, path));
        if (inside is not null) throw new IOException($"{path} is not removed: something is mounted at {inside}; unmount it first");
    }

    private static string Unescape(string mount) => mount.Replace("\\040", " ").Replace("\\011", "\t").Replace("\\012", "\n").Replace("\\134", "\\");
}
