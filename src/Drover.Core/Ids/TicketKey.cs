using System.Globalization;

namespace Drover.Core;

/// <summary>A ticket's name: the project's prefix in capitals, a dash, a number from 1 (<c>APP-12</c>).</summary>
public readonly record struct TicketKey(string Prefix, int Number) : IComparable<TicketKey>
{
    public override string ToString() => $"{Prefix}-{Number.ToString(CultureInfo.InvariantCulture)}";

    public static TicketKey? TryParse(string? text)
    {
        var dash = text?.LastIndexOf('-') ?? -1;
        if (dash is <= 0 or > 20) return null;
        var prefix = text![..dash].ToUpperInvariant();
        if (!prefix.All(char.IsAsciiLetterOrDigit)) return null;
        var digits = text.AsSpan(dash + 1);
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n > 0 ? new(prefix, n) : null;
    }

    public static TicketKey Parse(string text) => TryParse(text) ?? throw new FormatException($"'{text}' is not a ticket key like APP-12");

    /// <summary>The prefix that a project's name gives: its ASCII letters and digits in capitals, at most 10, starting with a letter.</summary>
    public static string PrefixFrom(string name)
    {
        var kept = new string([.. name.ToUpperInvariant().Where(char.IsAsciiLetterOrDigit).SkipWhile(char.IsAsciiDigit).Take(10)]);
        return kept.Length == 0 ? "APP" : kept;
    }

    public int CompareTo(TicketKey other)
    {
        var byPrefix = string.CompareOrdinal(Prefix, other.Prefix);
        return byPrefix != 0 ? byPrefix : Number.CompareTo(other.Number);
    }
}
