using System.Text.Json;

namespace Drover.Agents.Wire;

/// <summary>Reads of JSON that nobody vouches for: what is absent, of another type or out of range is null, never an exception.</summary>
internal static class Peek
{
    private static readonly JsonElement s_nothing = default;

    /// <summary>The member at the path, or an undefined element.</summary>
    public static JsonElement At(this JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element)) return s_nothing;
        }

        return element;
    }

    public static string? Text(this JsonElement element, params ReadOnlySpan<string> path)
    {
        var found = element.At(path);
        return found.ValueKind == JsonValueKind.String ? found.Unquoted() : null;
    }

    public static bool Flag(this JsonElement element, string name) => element.At(name).ValueKind == JsonValueKind.True;

    public static long? Whole(this JsonElement element, params ReadOnlySpan<string> path)
    {
        var found = element.At(path);
        if (found.ValueKind != JsonValueKind.Number) return null;
        if (found.TryGetInt64(out var whole)) return whole;
        return found.TryGetDouble(out var real) && real is > -9e15 and < 9e15 ? (long)real : null;
    }

    public static decimal? Money(this JsonElement element, params ReadOnlySpan<string> path)
    {
        var found = element.At(path);
        return found.ValueKind == JsonValueKind.Number && found.TryGetDecimal(out var amount) && amount is >= 0 and < 1_000_000_000
            ? Plain(decimal.Round(amount, 9)) : null;
    }

    /// <summary>The amount without the zeros that a decimal keeps at its end.</summary>
    private static decimal Plain(decimal amount) => amount / 1.000000000000000000000000000000m;

    /// <summary>A time given in seconds since 1970, if it is one that a limit can have.</summary>
    public static DateTimeOffset? Time(this JsonElement element, params ReadOnlySpan<string> path) => Time(element.Whole(path));

    public static DateTimeOffset? Time(long? seconds) =>
        seconds is > 0 and < 100_000_000_000 ? DateTimeOffset.FromUnixTimeSeconds(seconds.Value) : null;

    public static IEnumerable<JsonElement> Items(this JsonElement element, params ReadOnlySpan<string> path)
    {
        var found = element.At(path);
        return found.ValueKind == JsonValueKind.Array ? found.EnumerateArray() : Enumerable.Empty<JsonElement>();
    }

    public static bool Exists(this JsonElement element) => element.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    private static string Unquoted(this JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, which JSON can spell and a string cannot hold: the text stays as it was spelt.
            return text.GetRawText()[1..^1];
        }
    }
}
