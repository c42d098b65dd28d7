namespace Drover.Node.Repositories;

/// <summary>Paths without links, so that "below" is a question about names.</summary>
internal static class RealPath
{
    /// <summary>The path with every link of it followed. What does not exist is kept as it is written.</summary>
    public static string Of(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is not { } parent) return full;
        var here = Path.Combine(Of(parent), Path.GetFileName(full));
        var target = new FileInfo(here) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true) : null;
        return target is null ? here : Of(target.FullName);
    }

    /// <summary>Whether the path lies strictly below the root. Both are canonical.</summary>
    public static bool IsBelow(string path, string root) =>
        path.Length > root.Length + 1 && path.StartsWith(root, StringComparison.Ordinal) && (root.EndsWith('/') || path[root.Length] == '/');
}
