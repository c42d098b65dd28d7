using System.Text;
using System.Text.Json.Nodes;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Model;

/// <summary>One JSON object, sent when it is complete.</summary>
internal sealed class WholeMessage(HttpConnection connection, string model, Tokens tokens) : IMessage
{
    private readonly JsonArray content = [];
    private readonly StringBuilder text = new();
    private string kind = "";

    public bool HasBegun => false;

    public Task Begin() => Task.CompletedTask;

    public Task BeginBlock(string name)
    {
        kind = name;
        text.Clear();
        return Task.CompletedTask;
    }

    public Task Piece(string piece)
    {
        text.Append(piece);
        return Task.CompletedTask;
    }

    public Task EndBlock()
    {
        var block = new JsonObject { ["type"] = kind, [kind] = text.ToString() };
        if (kind == "thinking") block["signature"] = "rehearsed";
        content.Add((JsonNode)block);
        return Task.CompletedTask;
    }

    public Task CallTool(string id, string name, string input)
    {
        content.Add((JsonNode)new JsonObject { ["type"] = "tool_use", ["id"] = id, ["name"] = name, ["input"] = JsonNode.Parse(input) });
        return Task.CompletedTask;
    }

    public Task Verbatim(string eventName, string data) => connection.Answer(200, [("content-type", "application/json")], Encoding.UTF8.GetBytes(data), isHead: false);

    public Task Finish(bool calledTool)
    {
        var message = MessageParts.Message(
            $"msg_{Guid.NewGuid():N}"[..28], model, content, MessageParts.StopReason(calledTool), MessageParts.Usage(tokens, tokens.Output));
        return connection.Answer(
            200, [("content-type", "application/json"), ("request-id", "req_rehearsed")], Encoding.UTF8.GetBytes(message.ToJsonString()), isHead: false);
    }
}
