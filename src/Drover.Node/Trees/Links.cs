using Drover.Node.Repositories;

namespace Drover.Node.Trees;

/// <summary>The <c>symlinks:</c> recipe: paths of the main checkout that a worktree gets as links (<c>node_modules</c>, <c>.env</c>).</summary>
public static class Links
{
    /// <summary>Places the links; calling it again changes nothing. Returns null, or why a path cannot be linked; nothing of the paths before it is undone,
    /// since the caller removes the whole worktree.</summary>
    public static async Task<string?> Place(Worktree worktree, IReadOnlyList<string> paths, CancellationToken cancellation)
    {
        if (paths.Count == 0) return null;
        if (worktree.Repository.TopLevel is not { } project) return "symlinks: a bare repository has no files to link to";
        var plain = paths.Select(p => p.TrimEnd('/')).ToList();
        foreach (var path in plain)
        {
            if (Check(project, worktree.Path, path) is { } problem) return $"symlinks: {problem}";
        }

        await Excludes.Write(worktree, plain, cancellation);
        foreach (var path in plain)
        {
            var (source, link) = (Path.Combine(project, path), Path.Combine(worktree.Path, path));
            if (new FileInfo(link).LinkTarget == source) continue;
            if (Path.Exists(link) || new FileInfo(link).LinkTarget is not null) return $"symlinks: '{path}' is there already, in the commit itself";
            Directory.CreateDirectory(Path.GetDirectoryName(link)!);
            File.CreateSymbolicLink(link, source);
        }

        return null;
    }

    /// <summary>What the placed links point at, for a sandbox that must show it.</summary>
    public static IReadOnlyList<string> Sources(Worktree worktree) => worktree.Repository.TopLevel is not { } project ? []
        : [.. Excludes.Paths(worktree).Select(p => RealPath.Of(Path.Combine(project, p)))];

    private static string? Check(string project, string tree, string path)
    {
        if (path.Length == 0 || path[0] == '/' || path.Any(char.IsControl)) return $"'{path}' is not a relative path";
        var parts = path.Split('/');
        if (parts.Any(p => p is "" or "." or "..")) return $"'{path}' has an empty part, '.' or '..'";
        if (parts[0].Equals(".git", StringComparison.OrdinalIgnoreCase)) return $"'{path}' is git's own";
        var source = Path.Combine(project, path);
        if (!Path.Exists(source)) return $"'{path}' is not in {project}";
        if (!RealPath.IsBelow(RealPath.Of(source), project)) return $"'{path}' leads out of {project}";
        var parent = Path.GetDirectoryName(Path.Combine(tree, path))!;
        return RealPath.Of(parent) == parent ? null : $"'{path}' lies behind a link of the commit";
    }
}
