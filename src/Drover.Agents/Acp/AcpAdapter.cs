using System.Text.Json;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Acp;

/// <summary>Any agent that speaks the Agent Client Protocol, version 1, over its standard input and output.</summary>
/// <remarks>What a second prompt does inside a turn differs from agent to agent (it joins, it aborts the first, it is never answered). So a message to a running turn waits until
/// that has ended, but where the agent is known, was seen, or is said by its settings to take it up there.</remarks>
/// <param name="known">What is known of the program that is driven.</param>
internal sealed class AcpAdapter(AcpKnown known) : IAdapter
{
    public string Name => "acp";

    public AdapterCapabilities Capabilities { get; } =
        new(SaysInsideTurn: known.Steers == true, Interrupts: true, Resumes: true, ChoosesConversationId: false, AsksApproval: true, ReportsCost: false)
        {
            MaySayInsideTurn = known.Steers is null,
            Forks = true,
            TakesMcpServers = true,
        };

    public IReadOnlyList<AdapterOption> Options => AcpOptions.All;

    public AdapterCapabilities With(IReadOnlyDictionary<string, string> options) =>
        AcpOptions.SaysSteers(options) is { } steers ? Capabilities with { SaysInsideTurn = steers, MaySayInsideTurn = false } : Capabilities;

    public IAdapter For(IReadOnlyList<string> command) => new AcpAdapter(AcpKnown.Of(command));

    public Launch Plan(LaunchRequest request) => AcpLaunch.Plan(request);

    public Step Apply(MachineState state, Input input)
    {
        var draft = new Draft<AcpState>((AcpState)state);
        switch (input)
        {
            case Input.Line line: return ReadLine(draft, line.Bytes);
            case Input.LineTooLong tooLong:
                draft.Say(new AgentEvent.Malformed("", $"a line of {tooLong.Bytes} bytes was passed over"));
                break;
            case Input.Begin: AcpOpening.Greet(draft); break;
            case Input.Prompt prompt: AcpTalk.Give(draft, new(prompt.Message, prompt.Text), SteerMode.Next); break;
            case Input.Say say: AcpTalk.Give(draft, new(say.Message, say.Text), say.Mode); break;
            case Input.Interrupt: AcpTalk.Interrupt(draft); break;
            case Input.Answer answer: AcpQuestions.Answer(draft, answer); break;
            case Input.FileDone done: AcpFiles.Done(draft, done); break;
            case Input.Quiet: AcpEnding.GiveUp(draft); break;
            case Input.TerminalStarted started: AcpTerminals.Started(draft, started); break;
            case Input.TerminalOutput output: AcpTerminals.Output(draft, output); break;
            case Input.TerminalExited exited: AcpTerminals.Exited(draft, exited); break;
            case Input.TerminalReleased released: AcpTerminals.Released(draft, released); break;
            case Input.Finish: AcpTalk.Finish(draft); break;
            case Input.Exited exited: AcpTalk.Exited(draft, exited); break;
        }

        return draft.Done();
    }

    public Checkpoint Save(MachineState state) => new(AcpState.Version, JsonSerializer.Serialize((AcpState)state, AcpJson.Default.AcpState));

    public MachineState? Load(Checkpoint checkpoint)
    {
        if (checkpoint.Version != AcpState.Version) return null;
        try
        {
            return JsonSerializer.Deserialize(checkpoint.Json, AcpJson.Default.AcpState);
        }
        catch (JsonException)
        {
            // As good as an unknown version: the caller replays the spool.
            return null;
        }
    }

    private static Step ReadLine(Draft<AcpState> draft, ReadOnlyMemory<byte> line)
    {
        var before = draft.State;
        return Incoming.Read(line,
            message =>
            {
                AcpReading.Read(draft, message);
                return draft.Done();
            },
            malformed => new(before, [malformed], []),
            () => new(before, [], []));
    }
}
