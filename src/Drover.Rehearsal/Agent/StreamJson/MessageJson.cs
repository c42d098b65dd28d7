using System.Text.Json;

namespace Drover.Rehearsal.Agent.StreamJson;

/// <summary>What several lines of the protocol share.</summary>
internal static class MessageJson
{
    /// <summary>The first members of a message of the model.</summary>
    public static void Head(this Utf8JsonWriter json, string messageId, string model)
    {
        json.WriteString("id", messageId);
        json.WriteString("type", "message");
        json.WriteString("role", "assistant");
        json.WriteString("model", model);
    }

    /// <summary>A message's content of a single block.</summary>
    public static void Content(this Utf8JsonWriter json, Action<Utf8JsonWriter> block)
    {
        json.WriteStartArray("content");
        json.WriteStartObject();
        block(json);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    public static void TextBlock(this Utf8JsonWriter json, string text)
    {
        json.WriteString("type", "text");
        json.WriteString("text", text);
    }

    /// <summary>What stands behind the message.</summary>
    public static void Foot(this Utf8JsonWriter json, StreamJsonOptions options)
    {
        json.WriteNull("parent_tool_use_id");
        json.WriteString("session_id", options.SessionId);
        json.WriteString("uuid", Guid.NewGuid());
    }
}
