using System.Text.Json;
using Drover.Agents.Wire;

namespace Drover.Agents.Pi;

/// <summary>A piece of an answer. Each such line repeats the whole answer so far, twice, behind the piece; so only the line's beginning is read.</summary>
internal static class PiDelta
{
    private static ReadOnlySpan<byte> Beginning => """{"type":"message_update","assistantMessageEvent":{"""u8;

    /// <summary>False when the line is to be read whole, as any other.</summary>
    /// <param name="delta">Null when the piece is none that is shown.</param>
    public static bool TryRead(ReadOnlySpan<byte> line, out AgentEvent.Delta? delta)
    {
        delta = null;
        if (!line.StartsWith(Beginning)) return false;
        var reader = new Utf8JsonReader(line[(Beginning.Length - 1)..], isFinalBlock: false, default);
        string? type = null;
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var (isType, isDelta) = (reader.ValueTextEquals("type"u8), reader.ValueTextEquals("delta"u8));
                if (!reader.Read() || reader.TokenType is not (JsonTokenType.String or JsonTokenType.Number)) return true;
                if (isType) type = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                if (!isDelta) continue;
                if (type is "text_delta" or "thinking_delta" && reader.TokenType == JsonTokenType.String)
                    delta = new(type == "thinking_delta", Bounded.Text(reader.GetString()!));
                return true;
            }

            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
