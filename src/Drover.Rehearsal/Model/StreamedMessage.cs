using System.Text;
using System.Text.Json.Nodes;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Model;

/// <summary>Server-sent events, sent one by one.</summary>
internal sealed class StreamedMessage(HttpConnection connection, string model, Tokens tokens) : IMessage
{
    private readonly string id = $"msg_{Guid.NewGuid():N}"[..28];
    private int block = -1;
    private string kind = "";

    public bool HasBegun { get; private set; }

    public async Task BeginBlock(string name)
    {
        await Begin();
        kind = name;
        block++;
        var content = new JsonObject { ["type"] = kind, [kind] = "" };
        if (kind == "thinking") content["signature"] = "";
        await Event(new JsonObject { ["type"] = "content_block_start", ["index"] = block, ["content_block"] = content });
    }

    public Task Piece(string text) => Delta(new JsonObject { ["type"] = kind + "_delta", [kind] = text });

    public async Task EndBlock()
    {
        if (kind == "thinking") await Delta(new JsonObject { ["type"] = "signature_delta", ["signature"] = "rehearsed" });
        await Event(new JsonObject { ["type"] = "content_block_stop", ["index"] = block });
    }

    public async Task CallTool(string callId, string name, string input)
    {
        await Begin();
        kind = "tool_use";
        block++;
        var content = new JsonObject { ["type"] = "tool_use", ["id"] = callId, ["name"] = name, ["input"] = new JsonObject() };
        await Event(new JsonObject { ["type"] = "content_block_start", ["index"] = block, ["content_block"] = content });
        await Delta(new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = input });
        await EndBlock();
    }

    public async Task Verbatim(string eventName, string data)
    {
        await Begin();
        await Send(eventName, data);
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
        await connection.EndStream();
    }

    public async Task Begin()
    {
        if (HasBegun) return;
        HasBegun = true;
        await connection.BeginStream([("content-type", "text/event-stream"), ("cache-control", "no-cache"), ("request-id", "req_rehearsed")]);
        var start = MessageParts.Message(id, model, [], null, MessageParts.Usage(tokens, 1));
        await Event(new JsonObject { ["type"] = "message_start", ["message"] = start });
        await Event(new JsonObject { ["type"] = "ping" });
    }

    private Task Delta(JsonObject delta) => Event(new JsonObject { ["type"] = "content_block_delta", ["index"] = block, ["delta"] = delta });

    private Task Event(JsonObject body) => Send(body["type"]!.GetValue<string>(), body.ToJsonString());

    private Task Send(string name, string data) => connection.SendChunk(Encoding.UTF8.GetBytes($"event: {name}\ndata: {data}\n\n"));
}
