using System.Text;
using System.Text.Json;
using Drover.Agents.Reading;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Pi;

/// <summary>Recordings of RPC mode and of <c>--mode json</c>. No recorded client asked whether the agent rests when the machine does, so the answers are made of what the
/// lines so far have shown; they come behind the next line, with which the agent may announce that it goes on.</summary>
internal sealed class PiPlayback : Playback
{
    private bool _streams, _compacts, _isDue;
    private long _queued;
    private string? _probe;

    public override IEnumerable<Input> Prelude(Recording recording) => recording.IsTranscript
        ? [new Input.Begin(), new Input.Line(Answer(PiFrames.Greeting, "{}"))]
        : [];

    public override Input? Written(JsonElement message, MachineState state)
    {
        _isDue = true;
        return Wish(message, state);
    }

    public override ReadOnlyMemory<byte>? Heard(JsonElement line, ReadOnlyMemory<byte> bytes)
    {
        var type = line.Text("type");
        _isDue |= type is "agent_start" or "agent_end" or "agent_settled" or "auto_retry_start" or "auto_retry_end" or "compaction_start" or "compaction_end" or "queue_update" or "response";
        switch (type)
        {
            case "agent_start": _streams = true; break;
            case "agent_end": _streams = false; break;
            case "compaction_start": _compacts = true; break;
            case "compaction_end": _compacts = false; break;
            case "queue_update": _queued = line.Items("steering").Count() + line.Items("followUp").Count(); break;
        }

        return bytes;
    }

    public override ReadOnlyMemory<byte>? Wrote(JsonElement frame)
    {
        var id = frame.Text("id")!;
        if (frame.Text("type") == "switch_session") return Answer(id, """{"cancelled":false}""");
        if (frame.Text("type") != "get_state" || id == PiFrames.Greeting) return null;
        (_probe, _isDue) = (id, false);
        return null;
    }

    public override IEnumerable<ReadOnlyMemory<byte>> Released()
    {
        if (!_isDue || _probe is not { } id) yield break;
        _probe = null;
        yield return Answer(id, Frame.Text(json =>
        {
            json.WriteBoolean("isStreaming", _streams);
            json.WriteBoolean("isCompacting", _compacts);
            json.WriteNumber("pendingMessageCount", _queued);
        }));
    }

    private Input? Wish(JsonElement message, MachineState state) => message.Text("type") switch
    {
        "prompt" => Message(message.Text("message") ?? "", state, message.Text("id")),
        "steer" or "follow_up" when state.TurnOpen => Message(message.Text("message") ?? "", state, message.Text("id")),
        "abort" => new Input.Interrupt(),
        _ => null,
    };

    private static ReadOnlyMemory<byte> Answer(string id, string data) =>
        Encoding.UTF8.GetBytes($$"""{"id":{{Frame.Quoted(id)}},"type":"response","success":true,"data":{{data}}}""");
}
