using System.Text.Json;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.OpenCode;

/// <summary>Reads recordings of <c>opencode serve</c>: the events of its stream, and what a client asked of it over HTTP. No run is driven by it: the server is no program
/// that is talked to over its standard input, and OpenCode is driven over ACP.</summary>
internal sealed class ServeReader : IAdapter
{
    public string Name => "opencode-serve";

    public AdapterCapabilities Capabilities { get; } =
        new(SaysInsideTurn: true, Interrupts: true, Resumes: true, ChoosesConversationId: false, AsksApproval: true, ReportsCost: true);

    public Launch Plan(LaunchRequest request) => new([], new Dictionary<string, string>(), new ServeState(), TimeSpan.Zero, TimeSpan.Zero);

    public Step Apply(MachineState state, Input input)
    {
        var draft = new Draft<ServeState>((ServeState)state);
        switch (input)
        {
            case Input.Line line: return ReadLine(draft, line.Bytes);
            case Input.LineTooLong tooLong: draft.Say(new AgentEvent.Malformed("", $"a line of {tooLong.Bytes} bytes was passed over")); break;
            case Input.Prompt prompt: Give(draft, new(prompt.Message, prompt.Text)); break;
            case Input.Say say: Give(draft, new(say.Message, say.Text)); break;
            case Input.Answer answer: draft.State = draft.State with { Questions = [.. draft.State.Questions.Where(q => q != answer.ApprovalId)] }; break;
            case Input.Exited exited: Exited(draft, exited); break;
            case Input.Begin or Input.Interrupt or Input.Finish: break;
        }

        return draft.Done();
    }

    public Checkpoint Save(MachineState state) => new(ServeState.Version, JsonSerializer.Serialize((ServeState)state, ServeJson.Default.ServeState));

    public MachineState? Load(Checkpoint checkpoint) =>
        checkpoint.Version == ServeState.Version ? JsonSerializer.Deserialize(checkpoint.Json, ServeJson.Default.ServeState) : null;

    private static void Give(Draft<ServeState> draft, Held message)
    {
        draft.State = draft.State with { Unread = [.. draft.State.Unread, message] };
        draft.Say(new AgentEvent.MessageWritten(message.Message));
    }

    private static void Exited(Draft<ServeState> draft, Input.Exited exited)
    {
        if (draft.State.TurnOpen || draft.State.Session is null)
            ServeTurns.End(draft, Failures.Ended(exited.ExitCode, exited.LastErrors, hadStarted: draft.State.Session is not null));
        draft.State = draft.State with { Unread = [] };
    }

    private static Step ReadLine(Draft<ServeState> draft, ReadOnlyMemory<byte> line)
    {
        var before = draft.State;
        return Incoming.Read(line,
            message =>
            {
                ServeEvents.Read(draft, message);
                return draft.Done();
            },
            malformed => new(before, [malformed], []),
            () => new(before, [], []));
    }
}
