namespace Drover.Server.Config;

/// <summary>Guesses which of the known words a misspelt one was meant to be.</summary>
internal static class Nearest
{
    /// <summary>The closest known word, or null when none is close (more than a third of the letters differ).</summary>
    internal static string? To(string word, IEnumerable<string> known) => word.Length > 60 ? null : known
        .Select(k => (Word: k, Distance: Distance(word.ToLowerInvariant(), k.ToLowerInvariant())))
        .Where(c => c.Distance <= Math.Max(1, Math.Max(word.Length, c.Word.Length) / 3))
        .OrderBy(c => c.Distance).ThenBy(c => c.Word, StringComparer.Ordinal)
        .Select(c => c.Word).FirstOrDefault();

    /// <summary>The sentence that a message ends with: what was probably meant, and all that is allowed.</summary>
    internal static string Advice(string word, IReadOnlyCollection<string> known) =>
        (To(word, known) is { } near ? $"did you mean '{near}'? " : "") + $"allowed: {string.Join(", ", known)}";

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
