using System.Text.Json;
using System.Text.Json.Nodes;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Model.Chat;

/// <summary>The OpenAI Chat Completions API, which most servers of models speak; pi and opencode use it.</summary>
internal sealed class ChatFormat : IWireFormat
{
    public string Name => "chat";

    public IReadOnlyList<(string Name, string Value)> Headers => OpenAiErrors.Headers;

    public bool Takes(HttpRequest request) => request.Method == "POST" && request.Path.EndsWith("/chat/completions", StringComparison.Ordinal);

    /// <summary>The list of models; empty, for CLIs are told of their model by their configuration.</summary>
    public (string Kind, JsonObject Body)? Errand(HttpRequest request) =>
        request.Method == "GET" && request.Path.EndsWith("/models", StringComparison.Ordinal)
            ? ("models", new JsonObject { ["object"] = "list", ["data"] = new JsonArray(), ["models"] = new JsonArray() })
            : null;

    public ModelRequest Read(HttpRequest request, JsonElement body)
    {
        var messages = body.GetProperty("messages");
        var history = ChatHistory.Read(messages);
        var directory = WorkingDirectory.In(ChatHistory.TextsOf(messages, "system", "developer", "user"));
        return new ModelRequest(
            request.Session ?? ModelRequest.Fingerprint(history, directory),
            body.GetProperty("model").GetString()!,
            body.TryGetProperty("stream", out var stream) && stream.GetBoolean(),
            history,
            OfferedTools.Of(ChatHistory.IsErrand(messages) ? [] : ToolsOf(body)),
            directory,
            body.TryGetProperty("response_format", out var format) && format.TryGetProperty("json_schema", out var named) && named.TryGetProperty("schema", out var schema) ? schema : null);
    }

    public IMessage Stream(HttpConnection connection, ModelRequest request, Tokens tokens) =>
        new ChatStream(new EventStream(connection, Headers), request.Model, tokens);

    public JsonObject Whole(ModelRequest request, IReadOnlyList<Block> blocks, Tokens tokens)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = TextOf(blocks, BlockKind.Text) };
        if (TextOf(blocks, BlockKind.Thinking) is { } thinking) message["reasoning_content"] = thinking;
        var calls = blocks.OfType<Block.Called>().Select(called => ChatParts.Call(called.Call, called.Call.Input)).ToArray<JsonNode>();
        if (calls.Length > 0) message["tool_calls"] = new JsonArray(calls);
        var choice = new JsonObject { ["index"] = 0, ["message"] = message, ["logprobs"] = null, ["finish_reason"] = ChatParts.FinishReason(calls.Length > 0) };
        var whole = ChatParts.Envelope(ChatParts.NewId(), "chat.completion", request.Model, choice);
        whole["usage"] = ChatParts.Usage(tokens);
        return whole;
    }

    public HttpRefusal Refusal(Trouble trouble) => OpenAiErrors.Of(trouble);

    private static IEnumerable<(string Name, JsonElement? Schema)> ToolsOf(JsonElement body) =>
        body.TryGetProperty("tools", out var tools)
            ? tools.EnumerateArray().Where(tool => tool.TryGetProperty("function", out _)).Select(tool => tool.GetProperty("function"))
                .Select(function => (function.GetProperty("name").GetString()!, function.TryGetProperty("parameters", out var schema) ? schema : (JsonElement?)null))
            : [];

    private static string? TextOf(IReadOnlyList<Block> blocks, BlockKind kind) =>
        blocks.OfType<Block.Said>().Where(said => said.Kind == kind).Select(said => said.Text).ToList() is { Count: > 0 } texts ? string.Concat(texts) : null;
}
