using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace Drover.Agents.Wire;

/// <summary>Keeps events small: what is longer stays in the spool.</summary>
internal static class Bounded
{
    private const int LongestId = 256;

    public static string Text(string text, int longest = Adapter.LongestText) =>
        text.Length <= longest ? text : text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)];

    /// <summary>An id that is remembered. One that is longer than any vendor's stands as its beginning and the hash of the whole, so that two are never taken for one.</summary>
    public static string Id(string id) =>
        id.Length <= LongestId ? id : $"{Text(id, LongestId / 2)}…{Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(id.AsSpan())))}";

    /// <summary>JSON as the vendor gave it; when it is too long, an object that holds its beginning as a text.</summary>
    public static string Json(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Undefined) return "{}";
        var raw = element.GetRawText();
        return raw.Length <= Adapter.LongestText ? raw : Frame.Text(json => json.WriteString("cut", Text(raw, Adapter.LongestText / 2)));
    }
}
