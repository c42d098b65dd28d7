using System.Diagnostics;
using System.Text.Json.Nodes;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Model.Gemini;

/// <summary>The objects of the Gemini API.</summary>
internal static class Candidates
{
    /// <param name="isLast">Whether the answer ends with this.</param>
    public static JsonObject Of(string model, JsonArray parts, Tokens tokens, bool isLast)
    {
        var candidate = new JsonObject { ["content"] = new JsonObject { ["role"] = "model", ["parts"] = parts }, ["index"] = 0 };
        if (isLast) candidate["finishReason"] = "STOP";
        return new JsonObject
        {
            ["candidates"] = new JsonArray(candidate),
            ["usageMetadata"] = Usage(tokens),
            ["modelVersion"] = model,
            ["responseId"] = "rehearsed",
        };
    }

    public static JsonNode Part(Block block) => block switch
    {
        Block.Said said => Text(said.Kind, said.Text),
        Block.Called called => new JsonObject
        {
            ["functionCall"] = new JsonObject { ["name"] = called.Call.Name, ["args"] = JsonNode.Parse(called.Call.Input) },
        },
        _ => throw new UnreachableException(),
    };

    public static JsonObject Text(BlockKind kind, string text)
    {
        var part = new JsonObject { ["text"] = text };
        if (kind == BlockKind.Thinking) part["thought"] = true;
        return part;
    }

    /// <summary>This vendor counts what came from the cache among the prompt's tokens.</summary>
    private static JsonObject Usage(Tokens tokens)
    {
        var input = tokens.Input + tokens.CacheRead + tokens.CacheWrite;
        return new JsonObject
        {
            ["promptTokenCount"] = input,
            ["candidatesTokenCount"] = tokens.Output,
            ["totalTokenCount"] = input + tokens.Output,
            ["cachedContentTokenCount"] = tokens.CacheRead,
        };
    }
}
