using System.Text;
using Drover.Node.Repositories;

namespace Drover.Node.Trees;

/// <summary>Keeps what Drover puts into a worktree (the recipe's links) out of commits. <c>info/exclude</c> belongs to all worktrees and so to the user,
/// and a configuration of one worktree's own would need a setting in the user's repository. So the list is a file in the worktree's git
/// directory, named as <c>core.excludesFile</c> by the environment of whoever works there; it begins with the user's own list, which it stands in for.
/// An agent that drops the environment can still commit a link: <see cref="Facts.CommittedLinks"/> tells.</summary>
internal static class Excludes
{
    private const string Mark = "# The project's links, placed by Drover.";

    public static async Task Write(Worktree worktree, IReadOnlyList<string> paths, CancellationToken cancellation)
    {
        var text = $"{await UsersOwn(worktree, cancellation)}\n{Mark}\n{string.Concat(paths.Select(p => $"/{Escape(p)}\n"))}";
        var beside = worktree.ExcludeFile + ".tmp";
        await File.WriteAllTextAsync(beside, text, cancellation);
        File.Move(beside, worktree.ExcludeFile, overwrite: true);
    }

    /// <summary>The settings for a command of the server that reads or saves what lies in the worktree.</summary>
    public static async Task<IReadOnlyList<string>> Settings(Worktree worktree, CancellationToken cancellation)
    {
        var off = await Filters.Off(worktree.Repository, cancellation);
        return File.Exists(worktree.ExcludeFile) ? [.. off, $"core.excludesFile={worktree.ExcludeFile}"] : off;
    }

    /// <summary>The links that were placed, relative to the worktree.</summary>
    public static IReadOnlyList<string> Paths(Worktree worktree) => !File.Exists(worktree.ExcludeFile) ? []
        : [.. File.ReadAllLines(worktree.ExcludeFile).SkipWhile(l => l != Mark).Skip(1).Where(l => l.Length > 1).Select(l => Unescape(l[1..]))];

    private static async Task<string> UsersOwn(Worktree worktree, CancellationToken cancellation)
    {
        var named = await worktree.Repository.Run(cancellation, "config", "--type=path", "--get", "core.excludesFile");
        var home = Environment.GetEnvironmentVariable("HOME") ?? "/";
        var config = Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } set ? set : Path.Combine(home, ".config");
        var file = named.Ok ? named.Line : Path.Combine(config, "git", "ignore");
        return File.Exists(file) ? await File.ReadAllTextAsync(file, cancellation) : "";
    }

    private static string Escape(string path)
    {
        var text = new StringBuilder(path.Length);
        foreach (var c in path) text.Append(c is '*' or '?' or '[' or '\\' or ' ' ? "\\" : "").Append(c);
        return text.ToString();
    }

    private static string Unescape(string line)
    {
        var text = new StringBuilder(line.Length);
        for (var i = 0; i < line.Length; i++) text.Append(line[i] == '\\' && i + 1 < line.Length ? line[++i] : line[i]);
        return text.ToString();
    }
}
