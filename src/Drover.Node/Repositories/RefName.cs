namespace Drover.Node.Repositories;

/// <summary>The rules of <c>git check-ref-format</c>, so that a name from outside is refused before any git sees it.</summary>
public static class RefName
{
    /// <summary>Whether the text can be a branch's name (without <c>refs/heads/</c>).</summary>
    public static bool IsBranch(string? text) =>
        text is { Length: > 0 and <= 200 } && text[0] != '-' && text != "HEAD" && text != "@"
        && !text.EndsWith('.') && !text.Contains("..") && !text.Contains("@{")
        && !text.Any(c => c is <= ' ' or '\x7f' or '~' or '^' or ':' or '?' or '*' or '[' or '\\')
        && text.Split('/').All(IsComponent);

    /// <summary>Whether the text has the form of a full object id.</summary>
    public static bool IsObjectId(string? text) =>
        text is { Length: 40 or 64 } && text.All(c => c is >= '0' and <= '9' or >= 'a' and <= 'f');

    private static bool IsComponent(string part) => part.Length > 0 && part[0] != '.' && !part.EndsWith(".lock", StringComparison.Ordinal);
}
