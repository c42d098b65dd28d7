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
        // Not in the worktree's git directory: what an agent can write may hold a link where a file is to be made.
        var apart = worktree.Repository.Git.Scratch.Make("salvage");
        var index = Path.Combine(apart.FullName, "index");
        try
        {
            // git writes a new index beside the old one and renames it, so that the copy is always a whole one.
            File.Copy(Path.Combine(worktree.GitDir, "index"), index);
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
            apart.Delete(recursive: true);
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

        public async Task Add(IReadOnlyList<StatusEntry> entries, CancellationToken cancellation) =>
            (await Run(["update-index", "--add", "--remove", "--replace", "-z", "--stdin"], Names(entries.Select(e => e.Name)), cancellation)).Needed();

        /// <summary>A repository inside the worktree would become a bare reference to a commit that goes away with it. Its files are saved instead, its
        /// history is not: it is read as a tree of its own, and that tree is put in its place.</summary>
        public async Task AddNested(string directory, CancellationToken cancellation)
        {
            var inner = new Writer(worktree with { Path = Path.Combine(worktree.Path, directory.TrimEnd('/')) }, index + "-" + directory.Length, config);
            var found = (await inner.Run(["ls-files", "-z", "--others", "--exclude-standard"], default, cancellation)).Needed().Records.ToList();
            if (found.Count == 0) return;
            (await inner.Run(["update-index", "--add", "-z", "--stdin"], Names(found.Where(n => n[^1] != '/')), cancellation)).Needed();
            foreach (var deeper in found.Where(n => n[^1] == '/')) await inner.AddNested(Encoding.UTF8.GetString(deeper), cancellation);
            var tree = (await inner.Run(["write-tree"], default, cancellation)).Needed().Line;
            inner.Forget();
            (await Run(["read-tree", $"--prefix={directory}", tree], default, cancellation)).Needed();
        }

        private void Forget() => File.Delete(index);

        private static byte[] Names(IEnumerable<byte[]> names) => [.. names.SelectMany(n => n.Append((byte)0))];
    }
}
