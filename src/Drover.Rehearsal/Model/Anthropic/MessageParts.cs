using System.Text.Json.Nodes;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Model.Anthropic;

/// <summary>The objects of the Messages API.</summary>
internal static class MessageParts
{
    public static JsonObject Message(string model, JsonArray content, string? stopReason, JsonObject usage) => new()
    {
        ["id"] = $"msg_{Guid.NewGuid():N}"[..28],
        ["type"] = "message",
        ["role"] = "assistant",
        ["model"] = model,
        ["content"] = content,
        ["stop_reason"] = stopReason,
        ["stop_sequence"] = null,
        ["usage"] = usage,
    };

    public static JsonObject Usage(Tokens tokens, long output) => new()
    {
        ["input_tokens"] = tokens.Input,
        ["output_tokens"] = output,
        ["cache_creation_input_tokens"] = tokens.CacheWrite,
        ["cache_read_input_tokens"] = tokens.CacheRead,
        ["service_tier"] = "standard",
    };

    public static string Word(BlockKind kind) => kind switch
    {
        BlockKind.Text => "text",
        BlockKind.Thinking => "thinking",
    };

    public static JsonNode Content(Block block) => block switch
    {
        Block.Said { Kind: BlockKind.Thinking } said => new JsonObject { ["type"] = "thinking", ["thinking"] = said.Text, ["signature"] = "rehearsed" },
        Block.Said said => new JsonObject { ["type"] = "text", ["text"] = said.Text },
        Block.Called called => ToolUse(called.Call, JsonNode.Parse(called.Call.Input)!.AsObject()),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static JsonObject ToolUse(ToolCall call, JsonObject input) => new()
    {
        ["type"] = "tool_use",
        ["id"] = $"toolu_{Guid.NewGuid():N}"[..30],
        ["name"] = call.Name,
        ["input"] = input,
    };

    public static string StopReason(bool calledTool) => calledTool ? "tool_use" : "end_turn";
}
