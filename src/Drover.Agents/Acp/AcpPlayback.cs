using System.Text.Json;
using Drover.Agents.Reading;
using Drover.Agents.Wire;

namespace Drover.Agents.Acp;

/// <summary>Recordings of the Agent Client Protocol.</summary>
internal sealed class AcpPlayback : RpcPlayback
{
    /// <summary>The options of each permission question that deny, by the question's id.</summary>
    private readonly Dictionary<string, IReadOnlyList<string>> _denials = [];

    /// <summary>The agent's side alone shows a conversation that was gone on with by telling its id and never making one.</summary>
    private bool _loads;

    public override string? ResumeId(Recording recording)
    {
        if (recording.IsTranscript) return recording.Messages(fromAgent: false).FirstOrDefault(m => m.Text("method") is "session/load" or "session/resume").Text("params", "sessionId");
        _loads = !recording.Messages(fromAgent: true).Any(m => m.At("result", "sessionId").Exists());
        return _loads ? recording.Messages(fromAgent: true).Select(m => m.Text("params", "sessionId")).FirstOrDefault(id => id is not null) : null;
    }

    /// <summary>Without the client's side the machine greets at the first line, and is given a prompt when the agent begins to work.</summary>
    public override IEnumerable<Input> Before(JsonElement line, MachineState state)
    {
        var acp = (AcpState)state;
        if (acp is { Phase: AcpPhase.Greeting, LastId: 0 }) yield return new Input.Begin();
        if (acp is { Phase: AcpPhase.Ready, TurnOpen: false } && (IsWork(line) || MethodOf(line) == "session/prompt")) yield return Message("(not recorded)", state);
    }

    public override Input? Written(JsonElement message, MachineState state)
    {
        switch (message.Text("method"))
        {
            case "initialize": return new Input.Begin();
            case "session/prompt": return Message(string.Join('\n', message.Items("params", "prompt").Select(p => p.Text("text")).OfType<string>()), state);
            case "session/cancel": return new Input.Interrupt();
            case null when RawId(message) is { } id && message.At("result", "outcome").Exists() && message.Text("result", "outcome", "optionId") is { } option:
                return new Input.Answer(id, !_denials.GetValueOrDefault(id, []).Contains(option), null);
            default: return null;
        }
    }

    public override ReadOnlyMemory<byte>? Heard(JsonElement line, ReadOnlyMemory<byte> bytes)
    {
        if (line.Text("method") == "session/request_permission" && RawId(line) is { } id)
        {
            _denials[id] =
            [
                .. from option in line.Items("params", "options")
                   where option.Text("kind")?.StartsWith("reject", StringComparison.Ordinal) == true
                   select option.Text("optionId") into name
                   where name is not null
                   select name,
            ];
        }

        return base.Heard(line, bytes);
    }

    protected override string? MethodOf(JsonElement response)
    {
        var result = response.At("result");
        return result.At("protocolVersion").Exists() ? "initialize"
            : result.At("sessionId").Exists() ? "session/new"
            : result.At("stopReason").Exists() || response.At("error").Exists() ? "session/prompt"
            : _loads ? "session/load" : null;
    }

    protected override string? ResultOf(string method) => method.StartsWith("session/set_", StringComparison.Ordinal) ? "{}" : null;

    private static bool IsWork(JsonElement line) => line.Text("params", "update", "sessionUpdate") is "agent_message_chunk" or "agent_thought_chunk" or "tool_call" or "tool_call_update" or "plan"
        || line.Text("method") == "session/request_permission";
}
