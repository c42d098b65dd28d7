namespace Drover.Server.Verbs;

/// <summary>Texts of programs and agents as a terminal may be given them.</summary>
internal static class Printable
{
    /// <summary>On one line of at most so many characters, without what could rewrite the terminal.</summary>
    public static string Line(string text, int width)
    {
        var safe = string.Concat(text.ReplaceLineEndings(" ").Select(c => char.IsControl(c) || c is >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069' ? ' ' : c)).Trim();
        return safe.Length <= width ? safe : safe[..Math.Max(0, width - 1)] + "…";
    }
}
