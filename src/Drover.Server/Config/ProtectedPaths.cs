namespace Drover.Server.Config;

/// <summary>Paths whose change needs a human before it lands. The configuration itself always belongs to them.</summary>
internal sealed record ProtectedPaths(IReadOnlyList<string> Listed)
{
    internal static readonly IReadOnlyList<string> Always = [ConfigFile.Name, ".drover"];

    /// <summary>The changed paths (relative to the repository, with slashes) that are protected, or below a protected directory.</summary>
    internal IReadOnlyList<string> Among(IEnumerable<string> changed) => [.. changed.Where(IsProtected)];

    private bool IsProtected(string path) => Always.Concat(Listed).Any(p =>
        path.StartsWith(p, StringComparison.Ordinal) && (path.Length == p.Length || path[p.Length] == '/'));
}
