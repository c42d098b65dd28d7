using System.Text;
using Drover.Core;
using Drover.Node.Repositories;

namespace Drover.Node.Trees;

/// <summary>A worktree's files as a tree object, written through an index of its own.</summary>
/// <param name="Staged">What was staged, where it is neither HEAD's tree nor the files'.</param>
internal sealed record DirtyTree(CommitSha Head, TreeSha Files, TreeSha? Staged)
{
    /// <summary>Null when nothing differs from HEAD.</summary>
    public static async Task<DirtyTree?> Write(Worktree worktree, CancellationToken cancellation)
    {
        var status = await Status.Read(worktree, cancellation);
        if (status.Entries.Count == 0) return null;
        if (status.Truncated) throw new IOException($"{worktree.Path} holds more uncommitted files than Drover can list; ignore or remove what is not work");
        var head = new CommitSha((await worktree.Run(cancellation, "rev-parse", "--verify", "HEAD^{commit}")).Needed().Line);
        var index = Path.Combine(worktree.GitDir, "drover-salvage-index");
        // git writes a new index beside the old one and renames it, so that the copy is always a whole one.
        File.Copy(Path.Combine(worktree.GitDir, "index"), index, overwrite: true);
        try
        {
            var with = new Writer(worktree, index, await Excludes.Settings(worktree, cancellation));
            // An index with conflicts, or with files announced but not added, has no tree.
            var staged = await with.Run(["write-tree"], default, cancellation);
            await with.Add([.. status.Entries.Where(e => !e.IsNestedRepository)], cancellation);
            foreach (var nested in status.Entries.Where(e => e.IsNestedRepository)) await with.AddNested(nested.Path, cancellation);
            var files = new TreeSha((await with.Run(["write-tree"], default, cancellation)).Needed().Line);
            var headTree = await worktree.Repository.TreeOf(head, cancellation);
            return new(head, files, staged.Ok && staged.Line != files.Value && staged.Line != headTree.Value ? new TreeSha(staged.Line) : null);
        }
        finally
        {
            File.Delete(index);
        }
    }

    private sealed class Writer(Worktree worktree, string index, IReadOnlyList<string> config)
    {
        public Task<GitResult> Run(IReadOnlyList<string> arguments, ReadOnlyMemory<byte> input, CancellationToken cancellation) =>
            worktree.Repository.Git.Run(new(worktree.Place, arguments)
            {
                Config = config,
                Environment = new Dictionary<string, string> { ["GIT_INDEX_FILE"] = index },
                Input = input,
            }, cancellation);

        public async Task Add(IReadOnlyList<StatusEntry> entries, CancellationToken cancellation)
        {
            byte[] names = [.. entries.SelectMany(e => e.Name.Append((byte)0))];
            (await Run(["update-index", "--add", "--remove", "--replace", "-z", "--stdin"], names, cancellation)).Needed();
        }

        /// <summary>A repository inside the worktree would become a bare reference to a commit that goes away with it. Its files are saved instead, its
        /// history is not.</summary>
        public async Task AddNested(string directory, CancellationToken cancellation)
        {
            var files = Files(Path.Combine(worktree.Path, directory)).Select(f => Path.GetRelativePath(worktree.Path, f)).ToList();
            if (files.Count == 0) return;
            var hashed = await Run(["hash-object", "-w", "--no-filters", "--stdin-paths"], Lines(files), cancellation);
            var lines = hashed.Needed().Line.Split('\n').Zip(files, (sha, file) => $"{ModeOf(Path.Combine(worktree.Path, file))} {sha}\t{file}\0");
            (await Run(["update-index", "--add", "-z", "--index-info"], Encoding.UTF8.GetBytes(string.Concat(lines)), cancellation)).Needed();
        }

        private static byte[] Lines(IEnumerable<string> files) => Encoding.UTF8.GetBytes(string.Concat(files.Select(f => f + "\n")));

        private static string ModeOf(string file) => (File.GetUnixFileMode(file) & UnixFileMode.UserExecute) != 0 ? "100755" : "100644";

        private static IEnumerable<string> Files(string directory)
        {
            foreach (var entry in new DirectoryInfo(directory).EnumerateFileSystemInfos())
            {
                if (entry.Name == ".git" || entry.LinkTarget is not null || entry.Name.Contains('\n')) continue;
                if (entry is not DirectoryInfo) yield return entry.FullName;
                else foreach (var file in Files(entry.FullName)) yield return file;
            }
        }
    }
}
