using System.Text.Json;
using Drover.Agents.Reading;
using Drover.Agents.Wire;

namespace Drover.Agents.OpenCode;

/// <summary>Recordings of <c>opencode serve</c>: its events, and the client's requests as <c>{"http": "POST /…", "body": …, "status": …}</c>.</summary>
internal sealed class ServePlayback : Playback
{
    /// <summary>Whether the recording is one.</summary>
    public static bool Knows(Recording recording) => recording.IsTranscript
        && (recording.Messages(fromAgent: false).Any(m => m.Text("http") is not null) || recording.Messages(fromAgent: true).Any(m => m.Text("type") == "server.connected"));

    public override Input? Written(JsonElement message, MachineState state)
    {
        if (message.Text("http")?.Split(' ') is not ["POST", var path] || message.Whole("status") is >= 400) return null;
        return path.TrimStart('/').Split('/') switch
        {
            ["session", _, "prompt_async" or "message"] => Message(string.Join('\n', message.Items("body", "parts").Select(p => p.Text("text")).OfType<string>()), state),
            ["session", _, "abort"] => new Input.Interrupt(),
            ["permission", var id, "reply"] => new Input.Answer(id, message.Text("body", "reply") != "reject", message.Text("body", "message")),
            _ => null,
        };
    }
}
