using System.Text.Json;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Claude;

/// <summary>Claude Code over bidirectional stream-JSON. The conversation's id is ours; a user message comes back when the agent takes it up.</summary>
internal sealed class ClaudeAdapter : IAdapter
{
    public string Name => "claude";

    public AdapterCapabilities Capabilities { get; } =
        new(SaysInsideTurn: true, Interrupts: true, Resumes: true, ChoosesConversationId: true, AsksApproval: true, ReportsCost: true)
        {
            Forks = true,
            TakesAppendedPrompt = true,
            TakesMcpServers = true,
        };

    public IReadOnlyList<AdapterOption> Options => ClaudeOptions.All;

    public Launch Plan(LaunchRequest request) => ClaudeLaunch.Plan(request);

    public Step Apply(MachineState state, Input input)
    {
        var draft = new Draft<ClaudeState>((ClaudeState)state);
        switch (input)
        {
            case Input.Line line: return ReadLine(draft, line.Bytes);
            case Input.LineTooLong tooLong:
                draft.Say(new AgentEvent.Malformed("", $"a line of {tooLong.Bytes} bytes was passed over"));
                break;
            case Input.Begin: draft.Write(ClaudeFrames.Request(ClaudeFrames.Greeting, "initialize")); break;
            case Input.Prompt prompt: ClaudeTalk.Give(draft, new(prompt.Message, prompt.Text), SteerMode.Next); break;
            case Input.Say say: ClaudeTalk.Give(draft, new(say.Message, say.Text), say.Mode); break;
            case Input.Interrupt: ClaudeTalk.Interrupt(draft); break;
            case Input.Answer answer: ClaudeTalk.Answer(draft, answer); break;
            case Input.Finish: ClaudeTalk.Finish(draft); break;
            case Input.Exited exited: ClaudeTalk.Exited(draft, exited); break;
        }

        return draft.Done();
    }

    public Checkpoint Save(MachineState state) =>
        new(ClaudeState.Version, JsonSerializer.Serialize((ClaudeState)state, ClaudeJson.Default.ClaudeState));

    public MachineState? Load(Checkpoint checkpoint)
    {
        if (checkpoint.Version != ClaudeState.Version) return null;
        try
        {
            return JsonSerializer.Deserialize(checkpoint.Json, ClaudeJson.Default.ClaudeState);
        }
        catch (JsonException)
        {
            // As good as an unknown version: the caller replays the spool.
            return null;
        }
    }

    private static Step ReadLine(Draft<ClaudeState> draft, ReadOnlyMemory<byte> line)
    {
        var before = draft.State;
        return Incoming.Read(line,
            message =>
            {
                ClaudeReading.Read(draft, message);
                return draft.Done();
            },
            malformed => new(before, [malformed], []),
            () => new(before, [], []));
    }
}
