using System.Text.Json;
using Drover.Agents.Reading;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Codex;

/// <summary>Recordings of the app server.</summary>
internal sealed class CodexPlayback : RpcPlayback
{
    public override string? ResumeId(Recording recording) =>
        recording.Messages(fromAgent: false).FirstOrDefault(m => m.Text("method") is "thread/resume" or "thread/fork").Text("params", "threadId");

    public override bool Forks(Recording recording) => recording.Messages(fromAgent: false).Any(m => m.Text("method") == "thread/fork");

    /// <summary>Without the client's side the machine greets at the first line, and is given a prompt when the server says that it begins a turn.</summary>
    public override IEnumerable<Input> Before(JsonElement line, MachineState state)
    {
        var codex = (CodexState)state;
        if (codex is { Phase: CodexPhase.Greeting, LastId: 0 }) yield return new Input.Begin();
        if (codex is { Phase: CodexPhase.Ready, TurnOpen: false } && MethodOf(line) == "turn/start") yield return Message("(not recorded)", state);
    }

    public override Input? Written(JsonElement message, MachineState state)
    {
        switch (message.Text("method"))
        {
            case "initialize": return new Input.Begin();
            case "turn/start" or "turn/steer" when IsOwn(message, (CodexState)state): return null;
            case "turn/start": return Message(Words(message), state, message.Text("params", "clientUserMessageId"));
            case "turn/steer" when state.TurnOpen: return Message(Words(message), state, message.Text("params", "clientUserMessageId"));
            case "turn/interrupt": return new Input.Interrupt();
            case null when RawId(message) is { } id && Allows(message.At("result")) is { } allow: return new Input.Answer(id, allow, null);
            default: return null;
        }
    }

    protected override string? MethodOf(JsonElement response)
    {
        var result = response.At("result");
        return result.At("userAgent").Exists() ? "initialize"
            : result.At("thread").Exists() ? "thread/start"
            : result.At("turn").Exists() ? "turn/start" : null;
    }

    protected override string? ResultOf(string method) => method == "thread/backgroundTerminals/clean" ? "{}" : null;

    /// <summary>Whether the machine has that message already: it writes one again that was dropped with its turn.</summary>
    private static bool IsOwn(JsonElement message, CodexState state) =>
        message.Text("params", "clientUserMessageId") is { } id && state.Sent.Select(s => s.Note).Concat(state.Held).Any(n => n.Message.Value == id);

    private static string Words(JsonElement message) => string.Concat(message.Items("params", "input").Select(p => p.Text("text")));

    private static bool? Allows(JsonElement answer) => (answer.Text("decision") ?? answer.Text("action")) switch
    {
        "accept" or "acceptForSession" => true,
        "decline" or "cancel" => false,
        _ => answer.At("permissions") is { ValueKind: JsonValueKind.Object } granted ? granted.EnumerateObject().Any()
            : answer.At("answers").Exists() ? true : null,
    };
}
