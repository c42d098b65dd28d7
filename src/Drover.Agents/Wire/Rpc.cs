using System.Text.Json;

namespace Drover.Agents.Wire;

/// <summary>JSON-RPC 2.0, one object a line.</summary>
internal static class Rpc
{
    private const int MethodNotFound = -32601;

    public static ReadOnlyMemory<byte> Request(int id, string method, Action<Utf8JsonWriter> parameters) => Frame.Line(json =>
    {
        json.WriteString("jsonrpc", "2.0");
        json.WriteNumber("id", id);
        json.WriteString("method", method);
        json.Inside("params", parameters);
    });

    /// <param name="parameters">Null for a notice without any.</param>
    public static ReadOnlyMemory<byte> Notice(string method, Action<Utf8JsonWriter>? parameters = null) => Frame.Line(json =>
    {
        json.WriteString("jsonrpc", "2.0");
        json.WriteString("method", method);
        if (parameters is not null) json.Inside("params", parameters);
    });

    /// <param name="rawId">The request's id as it was spelt.</param>
    public static ReadOnlyMemory<byte> Result(string rawId, Action<Utf8JsonWriter> members) => Response(rawId, json => json.Inside("result", members));

    public static ReadOnlyMemory<byte> NotOffered(string rawId, string method) => Error(rawId, MethodNotFound, $"{method} is not offered here");

    public static ReadOnlyMemory<byte> Error(string rawId, int code, string message) => Response(rawId, json => json.Inside("error", e =>
    {
        e.WriteNumber("code", code);
        e.Words("message", Bounded.Text(message, 500));
    }));

    /// <summary>An id is a number or a string; a request with another is not one that can be answered.</summary>
    public static string? RawId(JsonElement id) => id.ValueKind is JsonValueKind.Number or JsonValueKind.String ? id.GetRawText() : null;

    private static ReadOnlyMemory<byte> Response(string rawId, Action<Utf8JsonWriter> members) => Frame.Line(json =>
    {
        json.WriteString("jsonrpc", "2.0");
        json.Json("id", rawId);
        members(json);
    });
}
