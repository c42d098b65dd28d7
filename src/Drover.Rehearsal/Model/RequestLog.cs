using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Drover.Rehearsal.Model;

/// <summary>JSON lines, one when a request has been read and one when it has been answered, each flushed.</summary>
internal sealed class RequestLog(string? file, TimeProvider time)
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly object gate = new();
    private readonly ArrayBufferWriter<byte> line = new();
    private long last;

    /// <returns>The request's number, under which its answer is logged.</returns>
    public long Asked(HttpRequest request, string kind, MessagesRequest? messages)
    {
        var number = Interlocked.Increment(ref last);
        Write(json =>
        {
            json.WriteString("event", "request");
            json.WriteNumber("n", number);
            json.WriteString("method", request.Method);
            json.WriteString("path", request.Path);
            json.WriteString("kind", kind);
            if (messages is null) return;
            json.WriteString("conversation", messages.Conversation);
            json.WriteString("model", messages.Model);
            json.WriteBoolean("stream", messages.Streams);
            json.WriteNumber("turn", messages.History.Prompts.Count);
            json.WriteNumber("reply", messages.History.ToolCalls + 1);
            json.WriteStartArray("user_messages");
            foreach (var text in messages.History.UserMessages) json.WriteStringValue(text);
            json.WriteEndArray();
        });
        return number;
    }

    /// <param name="status">0 when the connection was closed without an answer.</param>
    /// <param name="clientGone">Whether the client went away before the answer was whole.</param>
    public void Answered(long number, int status, bool clientGone) => Write(json =>
    {
        json.WriteString("event", "answer");
        json.WriteNumber("n", number);
        json.WriteNumber("status", status);
        json.WriteBoolean("client_gone", clientGone);
    });

    private void Write(Action<Utf8JsonWriter> body)
    {
        if (file is null) return;
        lock (gate)
        {
            line.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(line, Plain))
            {
                json.WriteStartObject();
                json.WriteString("at", time.GetUtcNow());
                body(json);
                json.WriteEndObject();
            }

            line.Write("\n"u8);
            using var stream = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            stream.Write(line.WrittenSpan);
        }
    }
}
