using System.Text;

namespace Drover.Agents.Wire;

/// <summary>Shows a replacement of one text by another the way a diff does, for agents that name both and make no diff themselves.</summary>
internal static class Replaced
{
    public static string Diff(string? before, string? after)
    {
        var diff = new StringBuilder();
        Add(diff, '-', before);
        Add(diff, '+', after);
        return diff.ToString();
    }

    /// <summary>No more than what is kept anyway.</summary>
    private static void Add(StringBuilder diff, char sign, string? text)
    {
        if (string.IsNullOrEmpty(text)) return;
        foreach (var line in text.TrimEnd('\n').EnumerateLines())
        {
            if (diff.Length > Core.AskedFor.Longest) return;
            diff.Append(sign).Append(line).Append('\n');
        }
    }
}
