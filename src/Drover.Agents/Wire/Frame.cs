using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Drover.Agents.Wire;

/// <summary>Writes one JSON object as a line for the agent's standard input.</summary>
internal static class Frame
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Line(Action<Utf8JsonWriter> members)
    {
        var buffer = Object(members);
        buffer.GetSpan(1)[0] = (byte)'\n';
        buffer.Advance(1);
        return buffer.WrittenMemory;
    }

    public static string Text(Action<Utf8JsonWriter> members) => Encoding.UTF8.GetString(Object(members).WrittenSpan);

    /// <summary>The text as a JSON string.</summary>
    public static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, s_options.Encoder)}\"";

    /// <summary>Writes a text that may hold half a surrogate pair (it becomes U+FFFD); the writer itself would throw.</summary>
    public static void Words(this Utf8JsonWriter json, string name, string text) => json.WriteString(name, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes JSON that was read from the agent, on one line.</summary>
    public static void Json(this Utf8JsonWriter json, string name, string raw)
    {
        json.WritePropertyName(name);
        using var read = JsonDocument.Parse(raw, Incoming.Options);
        read.RootElement.WriteTo(json);
    }

    public static void Inside(this Utf8JsonWriter json, string name, Action<Utf8JsonWriter> members)
    {
        json.WriteStartObject(name);
        members(json);
        json.WriteEndObject();
    }

    private static ArrayBufferWriter<byte> Object(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer, s_options);
        json.WriteStartObject();
        members(json);
        json.WriteEndObject();
        json.Flush();
        return buffer;
    }
}
