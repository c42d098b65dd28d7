using System.Text.Json;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Pi;

/// <summary>pi in its RPC mode. It has no permission questions, no sandbox and no tool servers of its own; that is said, not imitated.</summary>
internal sealed class PiAdapter : IAdapter
{
    public string Name => "pi";

    public AdapterCapabilities Capabilities { get; } =
        new(SaysInsideTurn: true, Interrupts: true, Resumes: true, ChoosesConversationId: false, AsksApproval: false, ReportsCost: true)
        {
            Forks = true,
            TakesAppendedPrompt = true,
        };

    public IReadOnlyList<AdapterOption> Options => PiLaunch.Options;

    public Launch Plan(LaunchRequest request) => PiLaunch.Plan(request);

    public Step Apply(MachineState state, Input input)
    {
        var draft = new Draft<PiState>((PiState)state);
        switch (input)
        {
            case Input.Line line: return ReadLine(draft, line.Bytes);
            case Input.LineTooLong tooLong:
                draft.Say(new AgentEvent.Malformed("", $"a line of {tooLong.Bytes} bytes was passed over"));
                PiProbe.Ask(draft); // it may have been the run's end, which repeats all that was said in it
                break;
            case Input.Begin: draft.Write(PiFrames.Command(PiFrames.Greeting, "get_state")); break;
            case Input.Prompt prompt: PiTalk.Give(draft, prompt.Message, prompt.Text, SteerMode.Next); break;
            case Input.Say say: PiTalk.Give(draft, say.Message, say.Text, say.Mode); break;
            case Input.Interrupt: PiTalk.Interrupt(draft); break;
            case Input.Answer: break; // nothing was asked
            case Input.Finish: PiTalk.Finish(draft); break;
            case Input.Exited exited: PiTalk.Exited(draft, exited); break;
        }

        return draft.Done();
    }

    public Checkpoint Save(MachineState state) => new(PiState.Version, JsonSerializer.Serialize((PiState)state, PiJson.Default.PiState));

    public MachineState? Load(Checkpoint checkpoint)
    {
        if (checkpoint.Version != PiState.Version) return null;
        try
        {
            return JsonSerializer.Deserialize(checkpoint.Json, PiJson.Default.PiState);
        }
        catch (JsonException)
        {
            // As good as an unknown version: the caller replays the spool.
            return null;
        }
    }

    private static Step ReadLine(Draft<PiState> draft, ReadOnlyMemory<byte> line)
    {
        if (PiDelta.TryRead(line.Span, out var delta))
        {
            if (delta is not null) draft.Say(delta);
            return draft.Done();
        }

        var before = draft.State;
        return Incoming.Read(line,
            message =>
            {
                PiReading.Read(draft, message);
                return draft.Done();
            },
            malformed => new(before, [malformed], []),
            () => new(before, [], []));
    }
}
