using Drover.Agents.Wire;

namespace Drover.Agents.Pi;

/// <summary>The commands, one JSON object on a line each.</summary>
internal static class PiFrames
{
    public const string Greeting = "drover-hello";

    /// <summary>One command for all messages: where the agent turns out to rest, it opens a turn. The command <c>steer</c> would leave the message lying then.</summary>
    public static ReadOnlyMemory<byte> Message(PiMessage message) => Frame.Line(json =>
    {
        json.WriteString("id", message.Message.Value);
        json.WriteString("type", "prompt");
        json.Words("message", message.Text);
        json.WriteString("streamingBehavior", message.Now ? "steer" : "followUp");
    });

    public static ReadOnlyMemory<byte> Command(string id, string type) => Frame.Line(json =>
    {
        json.WriteString("id", id);
        json.WriteString("type", type);
    });

    public static ReadOnlyMemory<byte> Open(string id, string sessionFile) => Frame.Line(json =>
    {
        json.WriteString("id", id);
        json.WriteString("type", "switch_session");
        json.Words("sessionPath", sessionFile);
    });

    /// <summary>An extension of the user's asks somebody at a screen.</summary>
    public static ReadOnlyMemory<byte> NobodyThere(string id) => Frame.Line(json =>
    {
        json.WriteString("type", "extension_ui_response");
        json.Words("id", id);
        json.WriteBoolean("cancelled", true);
    });
}
