using System.Text.Json.Nodes;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Model.Chat;

internal sealed class ChatStream(EventStream stream, string model, Tokens tokens) : IMessage
{
    private readonly string id = ChatParts.NewId();
    private BlockKind kind;

    public bool HasBegun => stream.HasBegun;

    public async Task Begin()
    {
        if (await stream.Begin()) await Delta(new JsonObject { ["role"] = "assistant", ["content"] = "" }, null);
    }

    public Task BeginBlock(BlockKind begun)
    {
        kind = begun;
        return Begin();
    }

    /// <summary>The vendor itself streams no thinking; the servers of other models do, under this name.</summary>
    public Task Piece(string text) => Delta(new JsonObject { [kind == BlockKind.Thinking ? "reasoning_content" : "content"] = text }, null);

    public Task EndBlock() => Task.CompletedTask;

    public async Task CallTool(ToolCall call)
    {
        await Begin();
        var begun = ChatParts.Call(call, "");
        begun.Insert(0, "index", 0);
        await Delta(new JsonObject { ["tool_calls"] = new JsonArray(begun) }, null);
        var more = new JsonObject { ["index"] = 0, ["function"] = new JsonObject { ["arguments"] = call.Input } };
        await Delta(new JsonObject { ["tool_calls"] = new JsonArray(more) }, null);
    }

    public async Task Verbatim(string data)
    {
        await Begin();
        await stream.Send(data);
    }

    public async Task Fail(HttpRefusal refusal)
    {
        await Begin();
        await stream.Send(refusal.Body.ToJsonString());
        await stream.End();
    }

    public async Task Finish(bool calledTool)
    {
        await Begin();
        await Delta([], ChatParts.FinishReason(calledTool));
        var last = ChatParts.Envelope(id, "chat.completion.chunk", model, null);
        last["usage"] = ChatParts.Usage(tokens);
        await stream.Send(last.ToJsonString());
        await stream.Send("[DONE]");
        await stream.End();
    }

    private Task Delta(JsonObject delta, string? finishReason)
    {
        var choice = new JsonObject { ["index"] = 0, ["delta"] = delta, ["logprobs"] = null, ["finish_reason"] = finishReason };
        return stream.Send(ChatParts.Envelope(id, "chat.completion.chunk", model, choice).ToJsonString());
    }
}
