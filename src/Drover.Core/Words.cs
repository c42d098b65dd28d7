using System.Text;

namespace Drover.Core;

/// <summary>The one spelling of an enum member outside the code: lower case with underscores (<c>NeedsInput</c> ↔ <c>needs_input</c>).
/// Rows, JSON, the page and the documents all use it.</summary>
public static class Words
{
    public static string Word<T>(this T value) where T : struct, Enum => Table<T>.ToWord[value];

    public static string? Word<T>(this T? value) where T : struct, Enum => value is { } v ? Table<T>.ToWord[v] : null;

    /// <summary>Parses a stored word. Throws <see cref="FormatException"/> for an unknown one: a row Drover wrote cannot hold it.</summary>
    public static T Parse<T>(string word) where T : struct, Enum =>
        TryParse<T>(word) ?? throw new FormatException($"'{word}' is not a {typeof(T).Name}; known: {string.Join(", ", All<T>())}");

    /// <summary>Parses a word that came from outside; null when it is unknown.</summary>
    public static T? TryParse<T>(string word) where T : struct, Enum => Table<T>.FromWord.TryGetValue(word, out var v) ? v : null;

    public static IReadOnlyList<string> All<T>() where T : struct, Enum => Table<T>.Words;

    private static string Spell(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i])) text.Append('_');
            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }

    private static class Table<T> where T : struct, Enum
    {
        internal static readonly Dictionary<T, string> ToWord = Enum.GetValues<T>().ToDictionary(v => v, v => Spell(v.ToString()));
        internal static readonly Dictionary<string, T> FromWord = ToWord.ToDictionary(p => p.Value, p => p.Key, StringComparer.Ordinal);
        internal static readonly string[] Words = [.. Enum.GetValues<T>().Select(v => ToWord[v])];
    }
}
