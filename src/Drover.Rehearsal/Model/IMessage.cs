using System.Text.Json.Nodes;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Model;

/// <summary>The answer to a request while it is made: streamed, or whole at the end.</summary>
internal interface IMessage
{
    /// <summary>Whether anything has been sent; from then on a refusal can only stand in the stream.</summary>
    bool HasBegun { get; }

    /// <summary>Sends what stands before any content. The other methods do so themselves.</summary>
    Task Begin();

    /// <param name="kind"><c>text</c> or <c>thinking</c>.</param>
    Task BeginBlock(string kind);

    Task Piece(string text);

    Task EndBlock();

    Task CallTool(string id, string name, string input);

    /// <summary>A line of the stream that the vendor would never send.</summary>
    Task Verbatim(string eventName, string data);

    Task Finish(bool calledTool);
}

/// <summary>The objects of the Messages API.</summary>
internal static class MessageParts
{
    public static JsonObject Message(string id, string model, JsonArray content, string? stopReason, JsonObject usage) => new()
    {
        ["id"] = id,
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

    public static JsonObject Error(HttpRefusal refusal) => new()
    {
        ["type"] = "error",
        ["error"] = new JsonObject { ["type"] = refusal.Type, ["message"] = refusal.Message },
    };

    public static string StopReason(bool calledTool) => calledTool ? "tool_use" : "end_turn";
}
