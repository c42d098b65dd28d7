using System.Text.Json.Nodes;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Model.Responses;

/// <summary>The objects of the Responses API.</summary>
internal static class OutputItems
{
    public static string NewId(string kind) => $"{kind}_{Guid.NewGuid():N}";

    public static JsonObject Response(string id, string model, string status, JsonArray output, JsonObject? usage) => new()
    {
        ["id"] = id,
        ["object"] = "response",
        ["created_at"] = 1_700_000_000,
        ["status"] = status,
        ["error"] = null,
        ["incomplete_details"] = null,
        ["model"] = model,
        ["output"] = output,
        ["usage"] = usage,
    };

    public static JsonObject Message(string text) => new()
    {
        ["id"] = NewId("msg"),
        ["type"] = "message",
        ["status"] = "completed",
        ["role"] = "assistant",
        ["content"] = new JsonArray(TextPart(text)),
    };

    public static JsonObject TextPart(string text) => new() { ["type"] = "output_text", ["text"] = text, ["annotations"] = new JsonArray() };

    public static JsonObject Reasoning(string text) => new()
    {
        ["id"] = NewId("rs"),
        ["type"] = "reasoning",
        ["summary"] = new JsonArray(SummaryPart(text)),
        ["encrypted_content"] = "rehearsed",
    };

    public static JsonObject SummaryPart(string text) => new() { ["type"] = "summary_text", ["text"] = text };

    public static JsonObject Call(ToolCall call) => new()
    {
        ["id"] = NewId(call.IsFreeText ? "ctc" : "fc"),
        ["type"] = call.IsFreeText ? "custom_tool_call" : "function_call",
        ["status"] = "completed",
        ["call_id"] = NewId("call")[..29],
        ["name"] = call.Name,
        [InputName(call)] = call.Input,
    };

    public static string InputName(ToolCall call) => call.IsFreeText ? "input" : "arguments";

    /// <summary>This vendor counts what came from the cache among the input's tokens.</summary>
    public static JsonObject Usage(Tokens tokens)
    {
        var input = tokens.Input + tokens.CacheRead + tokens.CacheWrite;
        return new JsonObject
        {
            ["input_tokens"] = input,
            ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = tokens.CacheRead },
            ["output_tokens"] = tokens.Output,
            ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = 0 },
            ["total_tokens"] = input + tokens.Output,
        };
    }
}
