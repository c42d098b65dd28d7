using System.Text.Json;

namespace Drover.Agents.Wire;

/// <summary>Keeps events small: what is longer stays in the spool.</summary>
internal static class Bounded
{
    public static string Text(string text, int longest = Adapter.LongestText) =>
        text.Length <= longest ? text : text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)];

    /// <summary>JSON as the vendor gave it; when it is too long, an object that holds its beginning as a text.</summary>
    public static string Json(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Undefined) return "{}";
        var raw = element.GetRawText();
        return raw.Length <= Adapter.LongestText ? raw : Frame.Text(json => json.WriteString("cut", Text(raw, Adapter.LongestText / 2)));
    }
}
