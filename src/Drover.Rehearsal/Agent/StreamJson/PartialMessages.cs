using System.Text.Json;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Agent.StreamJson;

/// <summary>The raw events of the model's stream, passed on with <c>--include-partial-messages</c>; without that it writes nothing.</summary>
internal sealed class PartialMessages(LineWriter output, StreamJsonOptions options)
{
    private int block;

    /// <summary>The model is being asked.</summary>
    public void Request()
    {
        if (!options.IncludesPartialMessages) return;
        output.Write(json =>
        {
            json.WriteString("type", "system");
            json.WriteString("subtype", "status");
            json.WriteString("status", "requesting");
            json.WriteString("uuid", Guid.NewGuid());
            json.WriteString("session_id", options.SessionId);
        });
    }

    public void BeginMessage(string messageId, Tokens tokens)
    {
        block = -1;
        Event("message_start", json =>
        {
            json.WriteStartObject("message");
            json.Head(messageId, options.Model);
            json.WriteStartArray("content");
            json.WriteEndArray();
            json.WriteNull("stop_reason");
            json.WriteNull("stop_sequence");
            UsageLines.WriteProvisional(json, tokens);
            json.WriteEndObject();
        });
    }

    public void BeginBlock(string kind)
    {
        block++;
        Event("content_block_start", json =>
        {
            json.WriteNumber("index", block);
            json.WriteStartObject("content_block");
            json.WriteString("type", kind);
            json.WriteString(kind, "");
            if (kind == "thinking") json.WriteString("signature", "");
            json.WriteEndObject();
        });
    }

    public void BeginTool(string callId, string name)
    {
        block++;
        Event("content_block_start", json =>
        {
            json.WriteNumber("index", block);
            json.WriteStartObject("content_block");
            json.WriteString("type", "tool_use");
            json.WriteString("id", callId);
            json.WriteString("name", name);
            json.WriteStartObject("input");
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    /// <param name="kind"><c>text</c>, <c>thinking</c>, <c>signature</c> or <c>partial_json</c>.</param>
    public void Delta(string kind, string piece) => Event("content_block_delta", json =>
    {
        json.WriteNumber("index", block);
        json.WriteStartObject("delta");
        json.WriteString("type", kind == "partial_json" ? "input_json_delta" : kind + "_delta");
        json.WriteString(kind, piece);
        json.WriteEndObject();
    });

    public void Signature() => Delta("signature", "rehearsed");

    public void EndBlock() => Event("content_block_stop", json => json.WriteNumber("index", block));

    public void EndMessage(Tokens tokens, bool calledTool)
    {
        Event("message_delta", json =>
        {
            json.WriteStartObject("delta");
            json.WriteString("stop_reason", calledTool ? "tool_use" : "end_turn");
            json.WriteNull("stop_sequence");
            json.WriteEndObject();
            json.WriteStartObject("usage");
            json.WriteNumber("output_tokens", tokens.Output);
            json.WriteEndObject();
        });
        Event("message_stop", _ => { });
    }

    private void Event(string type, Action<Utf8JsonWriter> body)
    {
        if (!options.IncludesPartialMessages) return;
        output.Write(json =>
        {
            json.WriteString("type", "stream_event");
            json.WriteStartObject("event");
            json.WriteString("type", type);
            body(json);
            json.WriteEndObject();
            json.WriteString("session_id", options.SessionId);
            json.WriteNull("parent_tool_use_id");
            json.WriteString("uuid", Guid.NewGuid());
            if (type == "message_start") json.WriteNumber("ttft_ms", 1);
        });
    }
}
