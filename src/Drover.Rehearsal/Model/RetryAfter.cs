using System.Globalization;

namespace Drover.Rehearsal.Model;

internal static class RetryAfter
{
    public static string Seconds(TimeSpan after) => Math.Ceiling(after.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    /// <summary>The header in whole seconds, or none.</summary>
    public static IReadOnlyList<(string Name, string Value)> Header(TimeSpan? after) => after is { } given ? [("retry-after", Seconds(given))] : [];
}
