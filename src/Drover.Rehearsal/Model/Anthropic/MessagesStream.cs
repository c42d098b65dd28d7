using System.Text.Json.Nodes;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Model.Anthropic;

internal sealed class MessagesStream(EventStream stream, string model, Tokens tokens) : StreamedMessage(stream)
{
    private int block = -1;

    private string Word => MessageParts.Word(Kind);

    public override Task Piece(string text) => Delta(new JsonObject { ["type"] = Word + "_delta", [Word] = text });

    public override async Task EndBlock()
    {
        if (Kind == BlockKind.Thinking) await Delta(new JsonObject { ["type"] = "signature_delta", ["signature"] = "rehearsed" });
        await EndContent();
    }

    protected override async Task WriteHead()
    {
        await Send(new JsonObject { ["type"] = "message_start", ["message"] = MessageParts.Message(model, [], null, MessageParts.Usage(tokens, 1)) });
        await Send(new JsonObject { ["type"] = "ping" });
    }

    protected override Task WriteBlockHead()
    {
        var content = new JsonObject { ["type"] = Word, [Word] = "" };
        if (Kind == BlockKind.Thinking) content["signature"] = "";
        return BeginContent(content);
    }

    protected override async Task WriteCall(ToolCall call)
    {
        await BeginContent(MessageParts.ToolUse(call, []));
        await Delta(new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = call.Input });
        await EndContent();
    }

    protected override async Task WriteEnd(bool calledTool)
    {
        await Send(new JsonObject
        {
            ["type"] = "message_delta",
            ["delta"] = new JsonObject { ["stop_reason"] = MessageParts.StopReason(calledTool), ["stop_sequence"] = null },
            ["usage"] = new JsonObject { ["output_tokens"] = tokens.Output },
        });
        await Send(new JsonObject { ["type"] = "message_stop" });
    }

    private Task BeginContent(JsonObject content)
    {
        block++;
        return Send(new JsonObject { ["type"] = "content_block_start", ["index"] = block, ["content_block"] = content });
    }

    private Task EndContent() => Send(new JsonObject { ["type"] = "content_block_stop", ["index"] = block });

    private Task Delta(JsonObject delta) => Send(new JsonObject { ["type"] = "content_block_delta", ["index"] = block, ["delta"] = delta });
}
