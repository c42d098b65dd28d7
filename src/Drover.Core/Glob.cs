namespace Drover.Core;

/// <summary>Wildcards: <c>*</c> stands for any characters.</summary>
internal static class Glob
{
    /// <summary><c>*</c> may stand for a slash too.</summary>
    public static bool Matches(string pattern, string text)
    {
        var (p, t, star, mark) = (0, 0, -1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*') (star, mark, p) = (p, t, p + 1);
            else if (p < pattern.Length && pattern[p] == text[t]) (p, t) = (p + 1, t + 1);
            else if (star >= 0) (p, t, mark) = (star + 1, mark + 1, mark + 1);
            else return false;
        }

        return pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }

    /// <summary><c>*</c> stays within one segment of a path; a segment <c>**</c> stands for any number of them.</summary>
    public static bool MatchesPath(string pattern, string path)
    {
        var (parts, segments) = (pattern.Split('/'), path.Split('/'));
        var (p, s, star, mark) = (0, 0, -1, 0);
        while (s < segments.Length)
        {
            if (p < parts.Length && parts[p] == "**") (star, mark, p) = (p, s, p + 1);
            else if (p < parts.Length && Matches(parts[p], segments[s])) (p, s) = (p + 1, s + 1);
            else if (star >= 0) (p, s, mark) = (star + 1, mark + 1, mark + 1);
            else return false;
        }

        while (p < parts.Length && parts[p] == "**") p++;
        return p == parts.Length;
    }
}
