using System.Text.Json.Nodes;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Model.Chat;

/// <summary>The objects of the Chat Completions API.</summary>
internal static class ChatParts
{
    public static string NewId() => $"chatcmpl-{Guid.NewGuid():N}";

    public static JsonObject Envelope(string id, string kind, string model, JsonObject? choice) => new()
    {
        ["id"] = id,
        ["object"] = kind,
        ["created"] = 1_700_000_000,
        ["model"] = model,
        ["choices"] = choice is null ? [] : new JsonArray(choice),
    };

    public static JsonObject Call(ToolCall call, string arguments) => new()
    {
        ["id"] = $"call_{Guid.NewGuid():N}"[..29],
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = arguments },
    };

    public static string FinishReason(bool calledTool) => calledTool ? "tool_calls" : "stop";

    /// <summary>This vendor counts what came from the cache among the prompt's tokens.</summary>
    public static JsonObject Usage(Tokens tokens)
    {
        var input = tokens.Input + tokens.CacheRead + tokens.CacheWrite;
        return new JsonObject
        {
            ["prompt_tokens"] = input,
            ["completion_tokens"] = tokens.Output,
            ["total_tokens"] = input + tokens.Output,
            ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = tokens.CacheRead },
            ["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = 0 },
        };
    }
}
