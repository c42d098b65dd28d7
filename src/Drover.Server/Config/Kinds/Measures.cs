using System.Globalization;
using System.Text.Json.Nodes;

namespace Drover.Server.Config;

/// <summary>Durations and sizes: a number and its unit.</summary>
internal static class Measures
{
    private static readonly (string Unit, TimeSpan Length)[] TimeUnits =
        [("s", TimeSpan.FromSeconds(1)), ("m", TimeSpan.FromMinutes(1)), ("h", TimeSpan.FromHours(1)), ("d", TimeSpan.FromDays(1))];

    private static readonly (string Unit, long Bytes)[] SizeUnits =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40),
        ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000), ("B", 1),
    ];

    internal static Scalar<TimeSpan> Duration(TimeSpan least, TimeSpan most) => new($"a duration such as `90s`, `10m`, `2h`, `3d` (from {Spell(least)} to {Spell(most)})", text =>
        ParseDuration(text) is not { } d ? (default, $"'{Problems.Cut(text, 40)}' is not a duration; write a number and s, m, h or d, such as 90s, 10m, 2h")
        : d < least || d > most ? (default, $"{text} is out of bounds; from {Spell(least)} to {Spell(most)}")
        : (d, null),
        new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9]{1,9} ?[smhd]$" });

    internal static readonly Scalar<long> Size = new("a size such as `512 MB`, `2GiB`", text =>
        ParseSize(text) is { } bytes ? (bytes, null)
        : (0, $"'{Problems.Cut(text, 40)}' is not a size; write a number and B, KB, MB, GB, TB (powers of 1,000) or KiB, MiB, GiB, TiB"),
        new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9]{1,9} ?(B|KB|MB|GB|TB|KiB|MiB|GiB|TiB)$" });

    /// <summary>The shortest exact spelling: <c>90s</c>, <c>2h</c>.</summary>
    internal static string Spell(TimeSpan time)
    {
        var (unit, length) = TimeUnits.Last(u => u.Unit == "s" || time.Ticks % u.Length.Ticks == 0 && time > TimeSpan.Zero);
        return string.Create(CultureInfo.InvariantCulture, $"{time.Ticks / length.Ticks}{unit}");
    }

    internal static TimeSpan? ParseDuration(string text)
    {
        foreach (var (unit, length) in TimeUnits)
            if (Number(text, unit) is { } n) return length * n;
        return null;
    }

    internal static long? ParseSize(string text)
    {
        foreach (var (unit, bytes) in SizeUnits)
            if (Number(text, unit) is { } n) return n <= long.MaxValue / bytes ? n * bytes : null;
        return null;
    }

    private static int? Number(string text, string unit) =>
        text.EndsWith(unit, StringComparison.Ordinal)
        && text.AsSpan(0, text.Length - unit.Length).TrimEnd(' ') is { Length: > 0 and <= 9 } digits
        && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null;
}
