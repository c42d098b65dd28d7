using System.Text.Json;

namespace Drover.EndToEnd.Rehearsal;

/// <summary>What a line of the stream looks like, without its values: type, subtype, and the names and kinds of all it holds.</summary>
internal static class Shape
{
    /// <summary>The lines about what was done, in order, and after them the user messages that were given back: these come when the CLI gets round to it.
    /// Left out is what tells of its own affairs.</summary>
    public static IReadOnlyList<string> Of(IEnumerable<JsonElement> lines) => [.. lines.Where(IsOfInterest).OrderBy(IsReplay).Select(Of)];

    private static bool IsReplay(JsonElement line) => line.At("isReplay").ValueKind == JsonValueKind.True;

    private static bool IsOfInterest(JsonElement line) => line.Text("subtype") is not ("thinking_tokens" or "task_started" or "task_notification" or "task_progress" or "api_retry");

    private static string Of(JsonElement line)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var property in line.EnumerateObject())
        {
            names.Add($"{property.Name}:{Kind(property.Value)}");

            // What the opening line and the greeting list is the CLI's own (tools, commands, models).
            if (!line.Is("system", "init") && !line.Is("control_response")) Collect(property.Value, property.Name, names);
        }

        return $"{line.Text("type")}/{line.Text("subtype")}/{line.Text("event", "type")} {string.Join(' ', names)}";
    }

    private static void Collect(JsonElement element, string path, SortedSet<string> names)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in element.EnumerateObject())
            {
                names.Add($"{path}.{property.Name}:{Kind(property.Value)}");
                Collect(property.Value, $"{path}.{property.Name}", names);
            }
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray()) Collect(item, $"{path}[]", names);
        }
    }

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        var kind => kind.ToString().ToLowerInvariant(),
    };
}
