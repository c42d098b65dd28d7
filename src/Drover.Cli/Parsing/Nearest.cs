namespace Drover.Cli.Parsing;

internal static class Nearest
{
    /// <summary>The known word that was probably meant: at most two letters (one in a short word) differ. Null when none is near.</summary>
    public static string? To(string word, IEnumerable<string> known) => known
        .Select(k => (Word: k, Distance: Distance(word, k)))
        .Where(k => k.Distance <= (word.Length <= 3 ? 1 : 2) || (word.Length >= 3 && k.Word.StartsWith(word, StringComparison.Ordinal)))
        .OrderBy(k => k.Distance).Select(k => k.Word).FirstOrDefault();

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
