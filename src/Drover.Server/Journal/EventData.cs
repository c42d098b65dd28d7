using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Drover.Server.Journaling;

/// <summary>The data of an event: a JSON object as text.</summary>
internal static class EventData
{
    internal const string Empty = "{}";

    /// <summary>What is shown to a browser is escaped there; here only what JSON itself asks for.</summary>
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An object with the properties that <paramref name="properties"/> writes.</summary>
    internal static string Of(Action<Utf8JsonWriter> properties) => Write(writer =>
    {
        writer.WriteStartObject();
        properties(writer);
        writer.WriteEndObject();
    });

    internal static string Of(string name, string? value) => Of(writer => writer.WriteString(name, value));

    internal static string Array(IReadOnlyList<string> texts) => Write(writer =>
    {
        writer.WriteStartArray();
        foreach (var text in texts) writer.WriteStringValue(text);
        writer.WriteEndArray();
    });

    /// <summary>Whether the text is one whole JSON object.</summary>
    internal static bool IsObject(string text)
    {
        if (text == Empty) return true;
        if (!text.AsSpan().TrimStart(" \t\r\n").StartsWith("{")) return false;
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            var reader = new Utf8JsonReader(bytes.AsSpan(0, Encoding.UTF8.GetBytes(text, bytes)));
            while (reader.Read()) { }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private static string Write(Action<Utf8JsonWriter> value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Plain)) value(writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
