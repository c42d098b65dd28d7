namespace Drover.Server.Config;

/// <summary>The kinds of text that several keys take.</summary>
internal static class Rules
{
    internal static readonly Scalar<string> Name = Scalars.Checked("a name of lower-case letters, digits and dashes, at most 40, starting with a letter or digit",
        text => text.Length is > 0 and <= 40 && text[0] != '-' && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'));

    internal static readonly Scalar<string> Variable = Scalars.Checked("the name of an environment variable",
        text => text.Length > 0 && !char.IsAsciiDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'));

    /// <summary>A path inside the repository that cannot leave it, nor reach into git's own directory.</summary>
    internal static readonly Scalar<string> Inside = Scalars.Checked("a path relative to the repository, without '..', '.git' or a leading '/'", text =>
        text.Length > 0 && text[0] != '/' && !text.Any(char.IsControl)
        && text.TrimEnd('/').Split('/') is { Length: > 0 } parts
        && parts.All(p => p is not ("" or "." or "..") && !p.Equals(".git", StringComparison.OrdinalIgnoreCase)));

    internal static readonly Scalar<string> Absolute = Scalars.Checked("an absolute path, or one below '~/'", text =>
        !text.Any(char.IsControl) && (text.StartsWith('/') || text.StartsWith("~/", StringComparison.Ordinal)) && !text.Split('/').Contains(".."));

    /// <summary>What git takes as a branch's name.</summary>
    internal static readonly Scalar<string> Branch = Scalars.Checked("a branch name without refs/heads/", text =>
        text.Length is > 0 and <= 200 && text[0] is not ('-' or '/') && text[^1] is not ('/' or '.') && text != "@" && text != "HEAD"
        && !text.Any(c => c <= ' ' || c is '~' or '^' or ':' or '?' or '*' or '[' or '\\' or (char)127)
        && !text.Contains("..", StringComparison.Ordinal) && !text.Contains("@{", StringComparison.Ordinal)
        && !text.StartsWith("refs/", StringComparison.Ordinal)
        && text.Split('/').All(p => p.Length > 0 && p[0] != '.' && !p.EndsWith(".lock", StringComparison.Ordinal)));

    internal static readonly Scalar<string> Prefix = Scalars.Checked("a prefix of letters, digits and dashes that starts with a letter, at most 40",
        text => text.Length is > 0 and <= 40 && char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'));
}
