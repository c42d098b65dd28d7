using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Drover.Agents.Wire;

/// <summary>A line of an agent's output as a JSON object, or why it is none.</summary>
internal static class Incoming
{
    public static readonly JsonDocumentOptions Options = new() { MaxDepth = 256 };

    private const int Shown = 1000;

    /// <summary>Parses the line and hands its object to <paramref name="read"/>. Whatever the line holds, nothing is thrown: a line that is no message of the protocol
    /// gives the event that says so, and then <paramref name="read"/> has not been asked or its result does not count.</summary>
    public static T Read<T>(ReadOnlyMemory<byte> line, Func<JsonElement, T> read, Func<AgentEvent.Malformed, T> malformed, Func<T> blank)
    {
        if (line.Span.Trim(" \t\r"u8).IsEmpty) return blank();
        if (!Utf8.IsValid(line.Span)) return malformed(Malformed(line, "not UTF-8"));
        try
        {
            using var document = JsonDocument.Parse(line, Options);
            return document.RootElement.ValueKind == JsonValueKind.Object ? read(document.RootElement) : malformed(Malformed(line, "not a JSON object"));
        }
        catch (JsonException e)
        {
            return malformed(Malformed(line, e.Message));
        }
        catch (InvalidOperationException e)
        {
            // A name spelt with half a surrogate pair: found only when it is compared.
            return malformed(Malformed(line, e.Message));
        }
    }

    private static AgentEvent.Malformed Malformed(ReadOnlyMemory<byte> line, string why) =>
        new(Bounded.Text(Encoding.UTF8.GetString(line.Span[..Math.Min(line.Length, 4 * Shown)]), Shown), why);
}
