using System.Buffers;
using System.Text.Json;
using Drover.Server.Feeding;
using Drover.Server.Journaling;

namespace Drover.Server.Events;

/// <summary>A feed's item as one line of JSON, in the shape of the API's event.</summary>
internal static class EventLine
{
    public static void Write(IBufferWriter<byte> target, FeedItem item)
    {
        using var json = new Utf8JsonWriter(target);
        json.WriteStartObject();
        switch (item)
        {
            case FeedItem.Stored { Event: var row }:
                json.WriteNumber("seq", row.Seq);
                json.WriteString("cursor", new Cursor(row.Seq).ToString());
                json.WriteString("type", row.Type);
                WriteSubject(json, row.About);
                json.WriteString("actor", row.Actor.ToString());
                json.WriteString("at", row.At);
                json.WritePropertyName("data");
                WriteData(json, row.Data);
                break;
            case FeedItem.Delta delta:
                json.WriteString("type", "delta");
                WriteSubject(json, delta.About);
                json.WriteStartObject("data");
                json.WriteBoolean("thought", delta.IsThought);
                json.WriteString("text", delta.Piece);
                json.WriteEndObject();
                break;
        }

        json.WriteEndObject();
    }

    private static void WriteSubject(Utf8JsonWriter json, Subject about)
    {
        json.WriteString("project", about.Project?.Value);
        json.WriteString("run", about.Run?.Value);
        json.WriteString("ticket", about.Ticket?.ToString());
    }

    /// <summary>The stored text is one JSON object; when it was written over several lines it is put on one.</summary>
    private static void WriteData(Utf8JsonWriter json, string data)
    {
        if (data.AsSpan().IndexOfAny('\n', '\r') < 0)
        {
            json.WriteRawValue(data, skipInputValidation: true);
            return;
        }

        using var parsed = JsonDocument.Parse(data);
        parsed.RootElement.WriteTo(json);
    }
}
