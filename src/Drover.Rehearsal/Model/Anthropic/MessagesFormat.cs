using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Model.Anthropic;

/// <summary>The Anthropic Messages API, spoken by Claude Code and as one of several by pi and opencode.</summary>
internal sealed class MessagesFormat : IWireFormat
{
    public string Name => "messages";

    public IReadOnlyList<(string Name, string Value)> Headers { get; } = [("request-id", "req_rehearsed")];

    public bool Takes(HttpRequest request) => request.Method == "POST" && request.Path.EndsWith("/v1/messages", StringComparison.Ordinal);

    public (string Kind, JsonObject Body)? Errand(HttpRequest request) =>
        request.Path.EndsWith("/v1/messages/count_tokens", StringComparison.Ordinal)
            ? ("count_tokens", new JsonObject { ["input_tokens"] = request.Body.Length / 4 })
            : null;

    public ModelRequest Read(HttpRequest request, JsonElement body)
    {
        var history = MessagesHistory.Read(body.GetProperty("messages"));
        var directory = body.TryGetProperty("system", out var system) ? WorkingDirectory.In(TextsOf(system)) : null;
        return new ModelRequest(
            request.Session ?? SessionOf(body) ?? ModelRequest.Fingerprint(history, directory),
            body.GetProperty("model").GetString()!,
            body.TryGetProperty("stream", out var stream) && stream.GetBoolean(),
            history,
            OfferedTools.Of(ToolsOf(body)),
            directory,
            body.TryGetProperty("output_format", out var format) && format.TryGetProperty("schema", out var schema) ? schema : null);
    }

    public IMessage Stream(HttpConnection connection, ModelRequest request, Tokens tokens) =>
        new MessagesStream(new EventStream(connection, Headers) { NamesEvents = true }, request.Model, tokens);

    public JsonObject Whole(ModelRequest request, IReadOnlyList<Block> blocks, Tokens tokens) => MessageParts.Message(
        request.Model,
        new JsonArray([.. blocks.Select(MessageParts.Content)]),
        MessageParts.StopReason(blocks is [.., Block.Called]),
        MessageParts.Usage(tokens, tokens.Output));

    public HttpRefusal Refusal(Trouble trouble) => MessagesRefusals.Of(trouble);

    private static IEnumerable<(string Name, JsonElement? Schema)> ToolsOf(JsonElement body) =>
        body.TryGetProperty("tools", out var tools)
            ? tools.EnumerateArray().Select(tool => (tool.GetProperty("name").GetString()!, tool.TryGetProperty("input_schema", out var schema) ? schema : (JsonElement?)null))
            : [];

    private static IEnumerable<string> TextsOf(JsonElement system) =>
        system.ValueKind == JsonValueKind.String
            ? [system.GetString()!]
            : system.EnumerateArray().Select(block => block.TryGetProperty("text", out var text) ? text.GetString()! : "");

    private static string? SessionOf(JsonElement body) =>
        body.TryGetProperty("metadata", out var metadata) && metadata.TryGetProperty("user_id", out var user)
        && Regex.Match(user.GetString() ?? "", "session_(?:id\\W+)?([0-9a-f-]{36})") is { Success: true } found
            ? found.Groups[1].Value
            : null;
}
