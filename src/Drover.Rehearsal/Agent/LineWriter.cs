using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Drover.Rehearsal.Agent;

/// <summary>Writes whole lines to standard output, one write each; the reader's thread and the player may both call it.</summary>
internal sealed class LineWriter(Stream output)
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly object gate = new();
    private readonly ArrayBufferWriter<byte> line = new(1024);

    public void Write(Action<Utf8JsonWriter> body)
    {
        lock (gate)
        {
            line.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(line, Plain))
            {
                json.WriteStartObject();
                body(json);
                json.WriteEndObject();
            }

            Send();
        }
    }

    public void WriteText(string text)
    {
        lock (gate)
        {
            line.ResetWrittenCount();
            line.Write(Encoding.UTF8.GetBytes(text));
            Send();
        }
    }

    private void Send()
    {
        line.Write("\n"u8);
        output.Write(line.WrittenSpan);
        output.Flush();
    }
}
