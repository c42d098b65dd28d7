using System.Text.Json.Nodes;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Model.Anthropic;

internal sealed class MessagesStream(EventStream stream, string model, Tokens tokens) : IMessage
{
    private int block = -1;
    private BlockKind kind;

    public bool HasBegun => stream.HasBegun;

    public async Task Begin()
    {
        if (!await stream.Begin()) return;
        await Event(new JsonObject { ["type"] = "message_start", ["message"] = MessageParts.Message(model, [], null, MessageParts.Usage(tokens, 1)) });
        await Event(new JsonObject { ["type"] = "ping" });
    }

    public async Task BeginBlock(BlockKind begun)
    {
        kind = begun;
        var content = new JsonObject { ["type"] = Word, [Word] = "" };
        if (kind == BlockKind.Thinking) content["signature"] = "";
        await BeginContent(content);
    }

    public Task Piece(string text) => Delta(new JsonObject { ["type"] = Word + "_delta", [Word] = text });

    public async Task EndBlock()
    {
        if (kind == BlockKind.Thinking) await Delta(new JsonObject { ["type"] = "signature_delta", ["signature"] = "rehearsed" });
        await EndContent();
    }

    public async Task CallTool(ToolCall call)
    {
        await BeginContent(MessageParts.ToolUse(call, []));
        await Delta(new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = call.Input });
        await EndContent();
    }

    public async Task Verbatim(string data)
    {
        await Begin();
        await stream.SendTyped(data);
    }

    public async Task Fail(HttpRefusal refusal)
    {
        await Begin();
        await Event(refusal.Body);
        await stream.End();
    }

    public async Task Finish(bool calledTool)
    {
        await Begin();
        await Event(new JsonObject
        {
            ["type"] = "message_delta",
            ["delta"] = new JsonObject { ["stop_reason"] = MessageParts.StopReason(calledTool), ["stop_sequence"] = null },
            ["usage"] = new JsonObject { ["output_tokens"] = tokens.Output },
        });
        await Event(new JsonObject { ["type"] = "message_stop" });
        await stream.End();
    }

    private string Word => MessageParts.Word(kind);

    private async Task BeginContent(JsonObject content)
    {
        await Begin();
        block++;
        await Event(new JsonObject { ["type"] = "content_block_start", ["index"] = block, ["content_block"] = content });
    }

    private Task EndContent() => Event(new JsonObject { ["type"] = "content_block_stop", ["index"] = block });

    private Task Delta(JsonObject delta) => Event(new JsonObject { ["type"] = "content_block_delta", ["index"] = block, ["delta"] = delta });

    private Task Event(JsonObject body) => stream.SendTyped(body.ToJsonString());
}
