using System.Text;

namespace Drover.Core;

/// <summary>Makes text of people and agents fit for a prompt: trimmed, without control characters other than line feed and tab, bounded.</summary>
public static class PromptText
{
    /// <summary>The longest value, in UTF-16 units; what is cut off is marked.</summary>
    public const int LongestField = 8000;

    public const string Truncated = "\n[truncated]";

    /// <summary>Null when nothing but blanks and control characters was there.</summary>
    public static string? Clean(string? value)
    {
        if (value is null) return null;
        var kept = new StringBuilder(Math.Min(value.Length, LongestField + 64));
        foreach (var rune in value.EnumerateRunes())
            if (rune.Value is '\n' or '\t' || !Rune.IsControl(rune)) kept.Append(rune.ToString());
        var text = kept.ToString().Trim();
        if (text.Length == 0) return null;
        if (text.Length <= LongestField) return text;
        var end = char.IsHighSurrogate(text[LongestField - 1]) ? LongestField - 1 : LongestField;
        return text[..end] + Truncated;
    }

    /// <summary>The same on one line, for a title or a name inside a sentence.</summary>
    public static string? CleanLine(string? value) =>
        Clean(value?.ReplaceLineEndings(" ").Replace('\t', ' '));

    /// <summary>The items that hold something, each cleaned; a line break inside an item is indented below it.</summary>
    public static IReadOnlyList<string> CleanItems(IEnumerable<string?> items) => [.. items.Select(Clean).OfType<string>().Select(i => i.Replace("\n", "\n  "))];
}
