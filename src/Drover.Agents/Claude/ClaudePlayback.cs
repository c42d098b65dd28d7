using System.Text;
using System.Text.Json;
using Drover.Agents.Reading;
using Drover.Agents.Wire;

namespace Drover.Agents.Claude;

/// <summary>Recordings of stream-JSON. The handshake and interrupts have ids of the client's; those of messages are kept.</summary>
internal sealed class ClaudePlayback : Playback
{
    private readonly Queue<string> _interrupts = new();
    private readonly Dictionary<string, string> _ours = [];

    /// <summary>Some clients give a prompt without a handshake.</summary>
    public override IEnumerable<Input> Prelude(Recording recording)
    {
        if (!recording.IsTranscript || recording.Messages(fromAgent: false).Any(m => m.Text("request", "subtype") == "initialize")) return [];
        return
        [
            new Input.Begin(),
            new Input.Line(Encoding.UTF8.GetBytes($$$"""{"type":"control_response","response":{"subtype":"success","request_id":"{{{ClaudeFrames.Greeting}}}"}}""")),
        ];
    }

    public override Input? Written(JsonElement message, MachineState state)
    {
        switch (message.Text("type"), message.Text("request", "subtype"))
        {
            case ("control_request", "initialize"):
                if (message.Text("request_id") is { } greeting) _ours[greeting] = ClaudeFrames.Greeting;
                return new Input.Begin();
            case ("control_request", "interrupt") when state.TurnOpen:
                if (message.Text("request_id") is { } interrupt) _interrupts.Enqueue(interrupt);
                return new Input.Interrupt();
            case ("control_response", _):
                var answer = message.At("response", "response");
                return message.Text("response", "request_id") is { } question && answer.Text("behavior") is { } behaviour
                    ? new Input.Answer(question, behaviour == "allow", answer.Text("message")) : null;
            case ("user", _):
                return Message(Text(message.At("message", "content")), state, message.Text("uuid"));
            default: return null;
        }
    }

    public override ReadOnlyMemory<byte>? Wrote(JsonElement frame)
    {
        if (frame.Text("request", "subtype") == "interrupt" && frame.Text("request_id") is { } ours && _interrupts.TryDequeue(out var theirs)) _ours[theirs] = ours;
        return null;
    }

    public override ReadOnlyMemory<byte>? Heard(JsonElement line, ReadOnlyMemory<byte> bytes)
    {
        if (line.Text("type") != "control_response" || line.Text("response", "request_id") is not { } id || !_ours.TryGetValue(id, out var ours) || ours == id) return bytes;
        return Encoding.UTF8.GetBytes(Replaced(line, "response", Replaced(line.At("response"), "request_id", Frame.Quoted(ours))));
    }

    private static string Text(JsonElement content) => content.Text() ?? string.Join('\n', content.Items().Select(b => b.Text("text")).OfType<string>());
}
