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
    public long Asked(HttpRequest request, Scene scene, IWireFormat format, ModelRequest read) => Asked(request, scene, read.IsMain ? "main" : "aux", json =>
    {
        json.WriteString("format", format.Name);
        json.WriteString("conversation", read.Conversation);
        json.WriteString("model", read.Model);
        json.WriteBoolean("stream", read.Streams);
        json.WriteNumber("turn", read.History.Prompts.Count);
        json.WriteNumber("reply", read.History.ToolCalls + 1);
        json.WriteStartArray("user_messages");
        foreach (var text in read.History.UserMessages) json.WriteStringValue(text);
        json.WriteEndArray();
    });

    /// <summary>A request that asks the model nothing.</summary>
    public long AskedOther(HttpRequest request, Scene? scene, string kind) => Asked(request, scene, kind, _ => { });

    /// <param name="status">0 when the connection was closed without an answer.</param>
    /// <param name="clientGone">Whether the client went away before the answer was whole.</param>
    public void Answered(long number, int status, bool clientGone) => Write(json =>
    {
        json.WriteString("event", "answer");
        json.WriteNumber("n", number);
        json.WriteNumber("status", status);
        json.WriteBoolean("client_gone", clientGone);
    });

    private long Asked(HttpRequest request, Scene? scene, string kind, Action<Utf8JsonWriter> more)
    {
        var number = Interlocked.Increment(ref last);
        Write(json =>
        {
            json.WriteString("event", "request");
            json.WriteNumber("n", number);
            json.WriteString("method", request.Method);
            json.WriteString("path", request.Path);
            if (scene?.Name is { Length: > 0 } name) json.WriteString("script", name);
            json.WriteString("kind", kind);
            more(json);
        });
        return number;
    }

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
