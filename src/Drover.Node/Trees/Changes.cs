using System.Text;
using Drover.Node.Repositories;

namespace Drover.Node.Trees;

/// <summary>A file that differs from HEAD.</summary>
/// <param name="Path">For people: bytes that are no UTF-8 are written <c>\xNN</c>.</param>
/// <param name="Kind">git's two letters (<c>M.</c> staged, <c>.M</c> not staged, <c>UU</c> in conflict), <c>??</c> untracked.</param>
public sealed record Change(string Path, string Kind);

/// <summary>The answer of <c>git status</c>, name for name and byte for byte.</summary>
internal sealed record Status(IReadOnlyList<StatusEntry> Entries, bool Truncated)
{
    public static async Task<Status> Read(Worktree worktree, CancellationToken cancellation)
    {
        var command = new GitCommand(worktree.Place, "status", "--porcelain=v2", "-z", "--untracked-files=all", "--no-renames", "--ignore-submodules=dirty")
        {
            Config = await Excludes.Settings(worktree, cancellation),
        };
        var answer = (await worktree.Repository.Git.Run(command, cancellation)).Needed();
        return new([.. answer.Records.Select(StatusEntry.Of).OfType<StatusEntry>()], answer.Truncated);
    }
}

internal sealed record StatusEntry(byte[] Name, string Kind)
{
    public string Path => Show(Name);

    /// <summary>An untracked directory with a repository of its own: git looks no further.</summary>
    public bool IsNestedRepository => Kind == "??" && Name.Length > 0 && Name[^1] == '/';

    public static StatusEntry? Of(byte[] record)
    {
        // '1 XY sub mH mI mW hH hI path', 'u XY sub m1 m2 m3 mW h1 h2 h3 path', '? path'
        var fields = record.Length == 0 ? 0 : (char)record[0] switch { '1' => 8, 'u' => 10, '?' => 1, _ => 0 };
        if (fields == 0) return null;
        var kind = fields == 1 ? "??" : Encoding.ASCII.GetString(record, 2, 2);
        var start = 0;
        for (var i = 0; i < fields; i++) start = Array.IndexOf(record, (byte)' ', start) + 1;
        return new(record[start..], kind);
    }

    private static string Show(byte[] name)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(name);
        }
        catch (DecoderFallbackException)
        {
            return string.Concat(name.Select(b => b is >= 0x20 and < 0x7f ? ((char)b).ToString() : $"\\x{b:x2}"));
        }
    }
}
