using System.Text.Json;

namespace Drover.EndToEnd.Rehearsal;

/// <summary>A conversation as a CLI tells it to the model, in one vendor's format.</summary>
internal abstract class Wire
{
    public static readonly IReadOnlyDictionary<string, Wire> All = new Dictionary<string, Wire>
    {
        ["chat"] = new ChatWire(),
        ["responses"] = new ResponsesWire(),
        ["gemini"] = new GeminiWire(),
    };

    public abstract string Path(bool stream);

    /// <summary>The body of a request, without the tools.</summary>
    /// <param name="schema">What the answer must conform to, or null.</param>
    public abstract Dictionary<string, object> Body(IEnumerable<Talked> talked, bool stream, object? schema);

    public abstract object Tools(params (string Name, object Parameters)[] tools);

    /// <summary>The text of a whole answer.</summary>
    public abstract string? Text(JsonElement answer);

    /// <summary>The name of the tool that a whole answer calls, and the JSON of its arguments.</summary>
    public abstract (string Name, JsonElement Arguments)? Call(JsonElement answer);

    public abstract (int Input, int Cached, int Output) Usage(JsonElement answer);

    /// <summary>What each event of a stream is, in a word.</summary>
    public abstract string Kind(string name, JsonElement data);

    protected static (string, JsonElement) Called(string? name, string? json) => (name!, JsonSerializer.Deserialize<JsonElement>(json!));
}

/// <summary>What happened in a conversation.</summary>
internal abstract record Talked
{
    public sealed record User(string Text) : Talked;

    public sealed record Answer(string Text) : Talked;

    public sealed record Call(string Name) : Talked;

    public sealed record Result(string Text) : Talked;
}

internal sealed class ChatWire : Wire
{
    public override string Path(bool stream) => "/v1/chat/completions";

    public override Dictionary<string, object> Body(IEnumerable<Talked> talked, bool stream, object? schema)
    {
        object[] system = [new { role = "system", content = "Current working directory: /work place" }];
        var body = new Dictionary<string, object> { ["model"] = "m", ["stream"] = stream, ["messages"] = system.Concat(talked.Select(Message)).ToArray() };
        if (schema is not null) body["response_format"] = new { type = "json_schema", json_schema = new { name = "it", schema } };
        return body;
    }

    public override object Tools(params (string Name, object Parameters)[] tools) =>
        tools.Select(tool => new { type = "function", function = new { name = tool.Name, parameters = tool.Parameters } });

    public override string? Text(JsonElement answer) => answer.Text("choices", "0", "message", "content");

    public override (string, JsonElement)? Call(JsonElement answer) => answer.At("choices", "0", "message", "tool_calls", "0", "function") is { ValueKind: JsonValueKind.Object } call
        ? Called(call.Text("name"), call.Text("arguments"))
        : null;

    public override (int, int, int) Usage(JsonElement answer) =>
        (answer.At("usage", "prompt_tokens").GetInt32(), answer.At("usage", "prompt_tokens_details", "cached_tokens").GetInt32(), answer.At("usage", "completion_tokens").GetInt32());

    public override string Kind(string name, JsonElement data)
    {
        if (data.At("usage").ValueKind == JsonValueKind.Object) return "usage";
        return data.Text("choices", "0", "finish_reason") ?? string.Join('+', data.At("choices", "0", "delta").EnumerateObject().Select(property => property.Name));
    }

    private static object Message(Talked talked) => talked switch
    {
        Talked.User user => new { role = "user", content = new[] { new { type = "text", text = user.Text } } },
        Talked.Answer answer => new { role = "assistant", content = answer.Text },
        Talked.Call call => new { role = "assistant", content = (string?)null, tool_calls = new[] { new { id = "c1", type = "function", function = new { name = call.Name, arguments = "{}" } } } },
        Talked.Result result => new { role = "tool", tool_call_id = "c1", content = result.Text },
        _ => throw new ArgumentOutOfRangeException(nameof(talked)),
    };
}

internal sealed class ResponsesWire : Wire
{
    public override string Path(bool stream) => "/v1/responses";

    public override Dictionary<string, object> Body(IEnumerable<Talked> talked, bool stream, object? schema)
    {
        object[] surroundings = [Message("user", "input_text", "<environment_context>\n  <cwd>/work place</cwd>\n</environment_context>")];
        var body = new Dictionary<string, object> { ["model"] = "m", ["stream"] = stream, ["input"] = surroundings.Concat(talked.Select(Item)).ToArray() };
        if (schema is not null) body["text"] = new { format = new { type = "json_schema", name = "it", schema } };
        return body;
    }

    public override object Tools(params (string Name, object Parameters)[] tools) => tools.Select(tool => new { type = "function", name = tool.Name, parameters = tool.Parameters });

    public override string? Text(JsonElement answer) => Item(answer, "message").Text("content", "0", "text");

    public override (string, JsonElement)? Call(JsonElement answer) =>
        Item(answer, "function_call") is { ValueKind: JsonValueKind.Object } call ? Called(call.Text("name"), call.Text("arguments")) : null;

    public override (int, int, int) Usage(JsonElement answer) =>
        (answer.At("usage", "input_tokens").GetInt32(), answer.At("usage", "input_tokens_details", "cached_tokens").GetInt32(), answer.At("usage", "output_tokens").GetInt32());

    public override string Kind(string name, JsonElement data) => name == data.Text("type") ? name["response.".Length..] : $"{name} is not {data.Text("type")}";

    private static JsonElement Item(JsonElement answer, string type) => answer.At("output").EnumerateArray().FirstOrDefault(item => item.Is(type));

    private static object Item(Talked talked) => talked switch
    {
        Talked.User user => Message("user", "input_text", user.Text),
        Talked.Answer answer => Message("assistant", "output_text", answer.Text),
        Talked.Call call => new { type = "function_call", call_id = "c1", name = call.Name, arguments = "{}" },
        Talked.Result result => new { type = "function_call_output", call_id = "c1", output = result.Text },
        _ => throw new ArgumentOutOfRangeException(nameof(talked)),
    };

    private static object Message(string role, string type, string text) => new { type = "message", role, content = new[] { new { type, text } } };
}

internal sealed class GeminiWire : Wire
{
    public override string Path(bool stream) => $"/v1beta/models/m:{(stream ? "streamGenerateContent?alt=sse" : "generateContent")}";

    public override Dictionary<string, object> Body(IEnumerable<Talked> talked, bool stream, object? schema)
    {
        object surroundings = Content("user", new { text = "<session_context>\n- **Workspace Directories:**\n  - /work place\n</session_context>" });
        var body = new Dictionary<string, object> { ["contents"] = talked.Select(Content).Prepend(surroundings).ToArray() };
        if (schema is not null) body["generationConfig"] = new { responseMimeType = "application/json", responseJsonSchema = schema };
        return body;
    }

    public override object Tools(params (string Name, object Parameters)[] tools) =>
        new[] { new { functionDeclarations = tools.Select(tool => new { name = tool.Name, parametersJsonSchema = tool.Parameters }) } };

    public override string? Text(JsonElement answer) => Parts(answer).Select(part => part.Text("text")).FirstOrDefault(text => text is not null);

    public override (string, JsonElement)? Call(JsonElement answer) => Parts(answer).FirstOrDefault(part => part.At("functionCall").ValueKind == JsonValueKind.Object) is { ValueKind: JsonValueKind.Object } part
        ? (part.Text("functionCall", "name")!, part.At("functionCall", "args"))
        : null;

    public override (int, int, int) Usage(JsonElement answer) =>
        (answer.At("usageMetadata", "promptTokenCount").GetInt32(), answer.At("usageMetadata", "cachedContentTokenCount").GetInt32(), answer.At("usageMetadata", "candidatesTokenCount").GetInt32());

    public override string Kind(string name, JsonElement data) =>
        data.Text("candidates", "0", "finishReason") ?? string.Join('+', Parts(data).SelectMany(part => part.EnumerateObject()).Select(property => property.Name));

    private static IEnumerable<JsonElement> Parts(JsonElement answer) => answer.At("candidates", "0", "content", "parts").EnumerateArray();

    private static object Content(Talked talked) => talked switch
    {
        Talked.User user => Content("user", new { text = user.Text }),
        Talked.Answer answer => Content("model", new { text = answer.Text }),
        Talked.Call call => Content("model", new { functionCall = new { name = call.Name, args = new { } } }),
        Talked.Result result => Content("user", new { functionResponse = new { name = "it", response = new { output = result.Text } } }),
        _ => throw new ArgumentOutOfRangeException(nameof(talked)),
    };

    private static object Content(string role, object part) => new { role, parts = new[] { part } };
}
