using System.Text.Json;
using System.Text.Json.Nodes;

namespace Drover.Rehearsal.Model;

/// <summary>The plainest value that conforms to a JSON schema, for the errands of CLIs that want an answer of a certain shape.</summary>
internal static class SchemaAnswer
{
    public const string Text = "Rehearsal";

    public static JsonNode? For(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object) return Text;
        if (schema.TryGetProperty("const", out var constant)) return JsonNode.Parse(constant.GetRawText());
        if (schema.TryGetProperty("enum", out var allowed) && allowed.GetArrayLength() > 0) return JsonNode.Parse(allowed[0].GetRawText());
        foreach (var union in new[] { "anyOf", "oneOf" })
            if (schema.TryGetProperty(union, out var choices) && choices.GetArrayLength() > 0) return For(choices[0]);

        return TypeOf(schema) switch
        {
            "object" => Object(schema),
            "array" => new JsonArray(),
            "integer" or "number" => Number(schema),
            "boolean" => false,
            "null" => null,
            _ => Text,
        };
    }

    /// <summary>The first of several types; one vendor writes them in capitals.</summary>
    private static string TypeOf(JsonElement schema)
    {
        if (!schema.TryGetProperty("type", out var type)) return schema.TryGetProperty("properties", out _) ? "object" : "string";
        var name = type.ValueKind == JsonValueKind.Array ? type[0].GetString() : type.GetString();
        return name!.ToLowerInvariant();
    }

    private static JsonObject Object(JsonElement schema)
    {
        var made = new JsonObject();
        if (schema.TryGetProperty("properties", out var properties))
            foreach (var property in properties.EnumerateObject()) made[property.Name] = For(property.Value);
        return made;
    }

    private static JsonNode Number(JsonElement schema) => schema.TryGetProperty("minimum", out var least) ? JsonNode.Parse(least.GetRawText())! : 1;
}
