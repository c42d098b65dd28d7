using Drover.Agents.Wire;

namespace Drover.Agents.Claude;

/// <summary>The lines that are written to the agent.</summary>
internal static class ClaudeFrames
{
    public const string Greeting = "drover-hello";

    public static ReadOnlyMemory<byte> User(Held message) => Frame.Line(json =>
    {
        json.WriteString("type", "user");
        json.Inside("message", m =>
        {
            m.WriteString("role", "user");
            m.Words("content", message.Text);
        });
        json.WriteNull("parent_tool_use_id");
        json.WriteString("uuid", message.Message.Value);
    });

    public static ReadOnlyMemory<byte> Request(string id, string subtype) => Frame.Line(json =>
    {
        json.WriteString("type", "control_request");
        json.WriteString("request_id", id);
        json.Inside("request", r => r.WriteString("subtype", subtype));
    });

    public static ReadOnlyMemory<byte> Allow(Question question) => Answer(question.Id, response =>
    {
        response.WriteString("behavior", "allow");
        response.Json("updatedInput", question.Input);
    });

    public static ReadOnlyMemory<byte> Deny(string questionId, string why) => Answer(questionId, response =>
    {
        response.WriteString("behavior", "deny");
        response.Words("message", why);
    });

    public static ReadOnlyMemory<byte> NotOffered(string requestId, string subtype) => Frame.Line(json =>
    {
        json.WriteString("type", "control_response");
        json.Inside("response", r =>
        {
            r.WriteString("subtype", "error");
            r.WriteString("request_id", requestId);
            r.Words("error", $"{subtype} is not offered here");
        });
    });

    private static ReadOnlyMemory<byte> Answer(string questionId, Action<System.Text.Json.Utf8JsonWriter> members) => Frame.Line(json =>
    {
        json.WriteString("type", "control_response");
        json.Inside("response", r =>
        {
            r.WriteString("subtype", "success");
            r.WriteString("request_id", questionId);
            r.Inside("response", members);
        });
    });
}
