using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Model.Gemini;

/// <summary>The Gemini API, with the model and what is asked of it in the path: Gemini CLI speaks it, pi can.</summary>
internal sealed partial class GeminiFormat : IWireFormat
{
    public string Name => "gemini";

    public IReadOnlyList<(string Name, string Value)> Headers => [];

    public bool Takes(HttpRequest request) => request.Method == "POST" && Asked().IsMatch(request.Path);

    public (string Kind, JsonObject Body)? Errand(HttpRequest request) =>
        request.Path.EndsWith(":countTokens", StringComparison.Ordinal)
            ? ("count_tokens", new JsonObject { ["totalTokens"] = request.Body.Length / 4 })
            : null;

    public ModelRequest Read(HttpRequest request, JsonElement body)
    {
        var asked = Asked().Match(request.Path);
        var contents = Contents.Read(body.GetProperty("contents"));
        var system = body.TryGetProperty("systemInstruction", out var instruction) ? Contents.TextsOf(instruction) : [];
        var directory = WorkingDirectory.In([.. system, .. contents.Texts]);
        return new ModelRequest(
            request.Session ?? ModelRequest.Fingerprint(contents.History, directory),
            asked.Groups["model"].Value,
            asked.Groups["streams"].Success,
            contents.History,
            OfferedTools.Of(ToolsOf(body)),
            directory,
            body.TryGetProperty("generationConfig", out var config) ? SchemaOf(config) : null);
    }

    public IMessage Stream(HttpConnection connection, ModelRequest request, Tokens tokens) =>
        new GeminiStream(new EventStream(connection, Headers), request.Model, tokens);

    public JsonObject Whole(ModelRequest request, IReadOnlyList<Block> blocks, Tokens tokens) =>
        Candidates.Of(request.Model, new JsonArray([.. blocks.Select(Candidates.Part)]), tokens, isLast: true);

    public HttpRefusal Refusal(Trouble trouble) => GeminiErrors.Of(trouble);

    private static IEnumerable<(string Name, JsonElement? Schema)> ToolsOf(JsonElement body) =>
        body.TryGetProperty("tools", out var tools)
            ? tools.EnumerateArray().Where(tool => tool.TryGetProperty("functionDeclarations", out _))
                .SelectMany(tool => tool.GetProperty("functionDeclarations").EnumerateArray())
                .Select(function => (function.GetProperty("name").GetString()!, First(function, "parametersJsonSchema", "parameters")))
            : [];

    private static JsonElement? SchemaOf(JsonElement config) => First(config, "responseJsonSchema", "responseSchema");

    private static JsonElement? First(JsonElement element, params string[] names)
    {
        foreach (var name in names)
            if (element.TryGetProperty(name, out var found)) return found;
        return null;
    }

    [GeneratedRegex("/models/(?<model>[^/:]+):(?:generateContent|(?<streams>streamGenerateContent))$", RegexOptions.CultureInvariant)]
    private static partial Regex Asked();
}
