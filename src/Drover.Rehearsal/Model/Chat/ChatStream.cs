using System.Text.Json.Nodes;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Model.Chat;

internal sealed class ChatStream(EventStream stream, string model, Tokens tokens) : StreamedMessage(stream)
{
    private readonly string id = ChatParts.NewId();

    /// <summary>The vendor itself streams no thinking; the servers of other models do, under this name.</summary>
    public override Task Piece(string text) => Delta(new JsonObject { [Kind == BlockKind.Thinking ? "reasoning_content" : "content"] = text }, null);

    protected override Task WriteHead() => Delta(new JsonObject { ["role"] = "assistant", ["content"] = "" }, null);

    protected override async Task WriteCall(ToolCall call)
    {
        var begun = ChatParts.Call(call, "");
        begun.Insert(0, "index", 0);
        await Delta(new JsonObject { ["tool_calls"] = new JsonArray(begun) }, null);
        var more = new JsonObject { ["index"] = 0, ["function"] = new JsonObject { ["arguments"] = call.Input } };
        await Delta(new JsonObject { ["tool_calls"] = new JsonArray(more) }, null);
    }

    protected override async Task WriteEnd(bool calledTool)
    {
        await Delta([], ChatParts.FinishReason(calledTool));
        var last = ChatParts.Envelope(id, "chat.completion.chunk", model, null);
        last["usage"] = ChatParts.Usage(tokens);
        await Send(last);
        await Send("[DONE]");
    }

    private Task Delta(JsonObject delta, string? finishReason) => Send(ChatParts.Envelope(id, "chat.completion.chunk", model,
        new JsonObject { ["index"] = 0, ["delta"] = delta, ["logprobs"] = null, ["finish_reason"] = finishReason }));
}
