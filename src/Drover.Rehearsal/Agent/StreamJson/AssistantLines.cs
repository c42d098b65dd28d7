using System.Globalization;
using System.Text.Json;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Agent.StreamJson;

/// <summary>The lines of what the model has said or called, a block in each.</summary>
internal sealed class AssistantLines(LineWriter output, StreamJsonOptions options)
{
    public void Write(string messageId, Tokens tokens, Action<Utf8JsonWriter> block) => output.Write(json =>
    {
        json.WriteString("type", "assistant");
        json.WriteStartObject("message");
        json.Head(messageId, options.Model);
        json.Content(block);
        json.WriteNull("stop_reason");
        json.WriteNull("stop_sequence");
        UsageLines.WriteProvisional(json, tokens);
        json.WriteNull("context_management");
        json.WriteEndObject();
        json.Foot(options);
        json.WriteString("request_id", "req_rehearsed");
    });

    /// <summary>One of many, about 330 bytes, the size of a typical event.</summary>
    public void WriteEvent(string messageId, long number, DateTimeOffset at) => output.Write(json =>
    {
        json.WriteString("type", "assistant");
        json.WriteStartObject("message");
        json.Head(messageId, options.Model);
        json.Content(j => j.TextBlock(string.Create(CultureInfo.InvariantCulture, $"event {number} at {at.ToUnixTimeMilliseconds()}")));
        json.WriteEndObject();
        json.Foot(options);
        json.WriteNumber("seq", number);
    });
}
