using System.Text.Json;

namespace Drover.EndToEnd.Rehearsal;

/// <summary>What a client writes to Claude Code.</summary>
internal static class StreamJsonFrames
{
    public static string User(string text) => JsonSerializer.Serialize(new
    {
        type = "user",
        message = new { role = "user", content = text },
        parent_tool_use_id = (string?)null,
        uuid = Guid.NewGuid(),
    });

    public static string Interrupt => Control("interrupt");

    public static string Control(string subtype) => JsonSerializer.Serialize(new
    {
        type = "control_request",
        request_id = subtype,
        request = new { subtype },
    });

    public static string Allow(JsonElement question) => Answer(question, new { behavior = "allow", updatedInput = question.At("request", "input") });

    public static string Deny(JsonElement question) => Answer(question, new { behavior = "deny", message = "not allowed here" });

    /// <summary>Says something and returns when the agent has certainly read it: it answers a later line.</summary>
    public static async Task SaySafely(this Talk talk, string text)
    {
        await talk.Send(User(text));
        await talk.Send(Control("mcp_status"));
        await talk.Until(message => message.Is("control_response") && message.Text("response", "request_id") == "mcp_status");
    }

    private static string Answer(JsonElement question, object answer) => JsonSerializer.Serialize(new
    {
        type = "control_response",
        response = new { subtype = "success", request_id = question.Text("request_id"), response = answer },
    });
}
