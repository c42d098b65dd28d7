using System.Globalization;

namespace Drover.EndToEnd.Killing;

/// <summary>What the random tests are made of: <c>DROVER_SEED=N</c> repeats one, <c>DROVER_SEEDS=N</c> takes so many new ones.</summary>
internal static class Seeds
{
    public static IEnumerable<int> Chosen(int usual)
    {
        if (Number("DROVER_SEED") is { } one) return [one];
        if (Number("DROVER_SEEDS") is { } many)
        {
            var first = new Random().Next(1_000_000);
            return Enumerable.Range(first, many);
        }

        return Enumerable.Range(1, usual);
    }

    private static int? Number(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text
        ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : null;
}
