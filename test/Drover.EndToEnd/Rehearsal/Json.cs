using System.Text.Json;

namespace Drover.EndToEnd.Rehearsal;

/// <summary>Short words for looking into messages.</summary>
internal static class Json
{
    /// <summary>The value at this path, or an undefined element; a number is an index.</summary>
    public static JsonElement At(this JsonElement element, params string[] path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind == JsonValueKind.Array && int.TryParse(name, out var index)) element = index < element.GetArrayLength() ? element[index] : default;
            else if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element)) return default;
        }

        return element;
    }

    public static string? Text(this JsonElement element, params string[] path) =>
        element.At(path) is { ValueKind: JsonValueKind.String } found ? found.GetString() : null;

    public static bool Is(this JsonElement element, string type, string? subtype = null) =>
        element.Text("type") == type && (subtype is null || element.Text("subtype") == subtype);

    public static bool IsResult(this JsonElement element) => element.Is("result");

    /// <summary>A user message that the agent has taken up.</summary>
    public static bool IsReplayOf(this JsonElement element, string text) =>
        element.Is("user") && element.At("isReplay").ValueKind == JsonValueKind.True && element.Text("message", "content") == text;

    public static bool CallsTool(this JsonElement element) => element.Is("assistant") && element.Text("message", "content", "0", "type") == "tool_use";
}
