using System.Text;
using System.Text.Json;

namespace Drover.Rehearsal.Model;

/// <summary>Server-sent events, each sent at once: with a name where the vendor gives them one, else as bare data.</summary>
internal sealed class EventStream(HttpConnection connection, IEnumerable<(string Name, string Value)> headers)
{
    /// <summary>The name is what the object's <c>type</c> says; what is no object, or has no type, is a <c>message</c>.</summary>
    public bool NamesEvents { get; init; }

    public bool HasBegun { get; private set; }

    /// <returns>Whether this was the first time.</returns>
    public async Task<bool> Begin()
    {
        if (HasBegun) return false;
        HasBegun = true;
        await connection.BeginStream([.. headers, ("content-type", "text/event-stream"), ("cache-control", "no-cache")]);
        return true;
    }

    public Task Send(string data) => connection.SendChunk(Encoding.UTF8.GetBytes($"{(NamesEvents ? $"event: {TypeOf(data)}\n" : "")}data: {data}\n\n"));

    public Task End() => connection.EndStream();

    private static string TypeOf(string data)
    {
        try
        {
            using var document = JsonDocument.Parse(data);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("type", out var type) ? type.ToString() : "message";
        }
        catch (JsonException)
        {
            return "message";
        }
    }
}
