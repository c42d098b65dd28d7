using System.Text;
using System.Text.Json;
using Drover.Agents.Wire;

namespace Drover.Agents.Reading;

/// <summary>One line of a recording.</summary>
/// <param name="Number">Its number in the file, from 1.</param>
/// <param name="FromAgent">Whether the agent wrote it; else the client did.</param>
/// <param name="Bytes">Without its line feed.</param>
public readonly record struct RecordedLine(int Number, bool FromAgent, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The length in bytes of a line that was too long to be read; its bytes are not kept.</summary>
    public long? TooLong { get; init; }
}

/// <summary>How a recorded process ended, as far as it is known.</summary>
/// <param name="ExitCode">128 + signal when a signal ended it; null when unknown.</param>
/// <param name="Errors">The last lines of its standard error.</param>
public sealed record Departure(int? ExitCode, string Errors)
{
    public static readonly Departure Unknown = new(null, "");
}

/// <summary>What was recorded of an agent: its standard output as it came, or both directions as lines of
/// <c>{"t_ms": …, "dir": "in" | "out", "msg": …}</c>, where <c>in</c> is what a client wrote to it.</summary>
public sealed record Recording(IReadOnlyList<RecordedLine> Lines, bool IsTranscript)
{
    /// <summary>Whether the lines are a transcript is told by the lines themselves. A line of a transcript that cannot be read as one is taken for the agent's.</summary>
    public static Recording Of(IEnumerable<RecordedLine> lines)
    {
        List<RecordedLine> read = [.. lines];
        List<RecordedLine?> unwrapped = [.. read.Select(Unwrapped)];
        return unwrapped.Any(l => l is not null)
            ? new([.. read.Select((line, at) => unwrapped[at] ?? line)], IsTranscript: true)
            : new(read, IsTranscript: false);
    }

    /// <summary>What the client wrote, and what the agent wrote, as far as it is JSON.</summary>
    internal IEnumerable<JsonElement> Messages(bool fromAgent) =>
        Lines.Where(l => l.FromAgent == fromAgent && l.TooLong is null).Select(l => Json(l.Bytes)).OfType<JsonElement>();

    /// <summary>The line's object, which outlives the line; null when it is none, or one whose members cannot be looked up.</summary>
    internal static JsonElement? Json(ReadOnlyMemory<byte> line) =>
        Incoming.Read<JsonElement?>(line, message => Spelt(message) ? message.Clone() : null, _ => null, () => null);

    /// <summary>Asks for each name, which fails for one that is spelt with half a surrogate pair.</summary>
    private static bool Spelt(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().All(m => m.Name is not null && Spelt(m.Value)),
        JsonValueKind.Array => element.EnumerateArray().All(Spelt),
        JsonValueKind.Undefined or JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null => true,
    };

    private static RecordedLine? Unwrapped(RecordedLine line)
    {
        if (line.TooLong is not null || Json(line.Bytes) is not { } wrapped || wrapped.Text("dir") is not ("in" or "out") || !wrapped.At("msg").Exists()) return null;
        return line with { FromAgent = wrapped.Text("dir") == "out", Bytes = Encoding.UTF8.GetBytes(wrapped.At("msg").GetRawText()) };
    }
}
