using System.Globalization;
using System.Text.Json;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Agent.StreamJson;

/// <summary>The lines of what the model is given: messages when it takes them up, results of tools, the word that it was interrupted.</summary>
internal sealed class UserLines(LineWriter output, StreamJsonOptions options, TimeProvider time)
{
    public void WriteTakenUp(UserMessage message) => output.Write(json =>
    {
        json.WriteString("type", "user");
        json.WriteStartObject("message");
        json.WriteString("role", "user");
        json.WriteString("content", message.Text);
        json.WriteEndObject();
        json.WriteString("session_id", options.SessionId);
        json.WriteNull("parent_tool_use_id");
        json.WriteString("uuid", message.Uuid ?? Guid.NewGuid().ToString());
        Stamp(json);
        json.WriteBoolean("isReplay", true);
    });

    public void WriteResult(string callId, Tool tool, ToolOutcome outcome) => output.Write(json =>
    {
        Message(json, block =>
        {
            block.WriteString("tool_use_id", callId);
            block.WriteString("type", "tool_result");
            ToolLines.WriteOutcome(block, tool, outcome, options);
        });
        ToolLines.WriteDetail(json, tool, outcome, options);
    });

    public void WriteInterruption(bool inTool) => output.Write(json =>
        Message(json, block => block.TextBlock(inTool ? "[Request interrupted by user for tool use]" : "[Request interrupted by user]")));

    private void Message(Utf8JsonWriter json, Action<Utf8JsonWriter> block)
    {
        json.WriteString("type", "user");
        json.WriteStartObject("message");
        json.WriteString("role", "user");
        json.Content(block);
        json.WriteEndObject();
        json.Foot(options);
        Stamp(json);
    }

    private void Stamp(Utf8JsonWriter json) => json.WriteString("timestamp", time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
}
