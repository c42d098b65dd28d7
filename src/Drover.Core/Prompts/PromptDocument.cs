using System.Text;

namespace Drover.Core;

/// <summary>A part of a prompt under its heading.</summary>
public sealed record PromptSection(string Heading, string Body)
{
    /// <summary>A list; null when no item holds anything, so that no empty section is written.</summary>
    public static PromptSection? List(string heading, IEnumerable<string?> items) =>
        PromptText.CleanItems(items) is { Count: > 0 } kept ? new(heading, string.Join('\n', kept.Select(i => $"- {i}"))) : null;

    /// <summary>A text; null when it is blank.</summary>
    public static PromptSection? Text(string heading, string? body) => PromptText.Clean(body) is { } text ? new(heading, text) : null;
}

/// <summary>A prompt as Markdown: a title and its sections in order. The exact text is stored with the run and shown to whoever asks.</summary>
public sealed record PromptDocument(string Title, IReadOnlyList<PromptSection> Sections)
{
    public string Render()
    {
        var text = new StringBuilder().Append("# ").Append(Title).Append('\n');
        foreach (var section in Sections) text.Append("\n## ").Append(section.Heading).Append("\n\n").Append(section.Body).Append('\n');
        return text.ToString();
    }
}
