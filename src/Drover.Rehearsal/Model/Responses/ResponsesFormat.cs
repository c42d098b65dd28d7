using System.Text.Json;
using System.Text.Json.Nodes;
using Drover.Rehearsal.Model.Chat;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Model.Responses;

/// <summary>The OpenAI Responses API: Codex speaks it, pi and opencode can.</summary>
internal sealed class ResponsesFormat : IWireFormat
{
    public string Name => "responses";

    public IReadOnlyList<(string Name, string Value)> Headers => OpenAiErrors.Headers;

    public bool Takes(HttpRequest request) => request.Method == "POST" && request.Path.EndsWith("/responses", StringComparison.Ordinal);

    /// <summary>The list of models is the other API's as well.</summary>
    public (string Kind, JsonObject Body)? Errand(HttpRequest request) => null;

    public ModelRequest Read(HttpRequest request, JsonElement body)
    {
        var input = InputItems.Read(body.GetProperty("input"));
        IEnumerable<string> texts = body.TryGetProperty("instructions", out var instructions) && instructions.ValueKind == JsonValueKind.String ? [instructions.GetString()!] : [];
        var directory = WorkingDirectory.In([.. texts, .. input.Texts]);
        return new ModelRequest(
            request.Session ?? KeyOf(body) ?? ModelRequest.Fingerprint(input.History, directory),
            body.GetProperty("model").GetString()!,
            body.TryGetProperty("stream", out var stream) && stream.GetBoolean(),
            input.History,
            OfferedTools.Of(ToolsOf(body)),
            directory,
            body.TryGetProperty("text", out var text) && text.TryGetProperty("format", out var format) && format.TryGetProperty("schema", out var schema) ? schema : null)
        {
            Awaiting = input.Running is { } session ? RunningCommand.Await(session) : null,
            Summary = input.Summary,
        };
    }

    public IMessage Stream(HttpConnection connection, ModelRequest request, Tokens tokens) =>
        new ResponsesStream(new EventStream(connection, Headers) { NamesEvents = true }, request.Model, tokens);

    public JsonObject Whole(ModelRequest request, IReadOnlyList<Block> blocks, Tokens tokens)
    {
        var items = new JsonArray([.. blocks.Select(block => block switch
        {
            Block.Said { Kind: BlockKind.Thinking } said => OutputItems.Reasoning(said.Text),
            Block.Said said => OutputItems.Message(said.Text),
            Block.Called called => (JsonNode)OutputItems.Call(called.Call),
            _ => throw new System.Diagnostics.UnreachableException(),
        })]);
        return OutputItems.Response(OutputItems.NewId("resp"), request.Model, "completed", items, OutputItems.Usage(tokens));
    }

    public HttpRefusal Refusal(Trouble trouble) => ResponsesErrors.Of(trouble);

    /// <summary>Tools that the vendor's own server runs have no name, and are not for the script.</summary>
    private static IEnumerable<(string Name, JsonElement? Schema)> ToolsOf(JsonElement body) =>
        body.TryGetProperty("tools", out var tools)
            ? tools.EnumerateArray().Where(tool => tool.TryGetProperty("name", out _))
                .Select(tool => (tool.GetProperty("name").GetString()!, tool.TryGetProperty("parameters", out var schema) ? schema : (JsonElement?)null))
            : [];

    private static string? KeyOf(JsonElement body) =>
        body.TryGetProperty("prompt_cache_key", out var key) && key.ValueKind == JsonValueKind.String ? key.GetString() : null;
}
