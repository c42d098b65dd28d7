using System.Text.Json;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Codex;

/// <summary>Codex over its app server. One thread, one turn at a time; every message carries our id, and the item that shows it in the conversation carries it back.</summary>
internal sealed class CodexAdapter : IAdapter
{
    public string Name => "codex";

    public AdapterCapabilities Capabilities { get; } =
        new(SaysInsideTurn: true, Interrupts: true, Resumes: true, ChoosesConversationId: false, AsksApproval: true, ReportsCost: false)
        {
            Forks = true,
            TakesAppendedPrompt = true,
            TakesMcpServers = true,
        };

    public IReadOnlyList<AdapterOption> Options { get; } = [CodexLaunch.Effort];

    public Launch Plan(LaunchRequest request) => CodexLaunch.Plan(request);

    public Step Apply(MachineState state, Input input)
    {
        var draft = new Draft<CodexState>((CodexState)state);
        switch (input)
        {
            case Input.Line line: return ReadLine(draft, line.Bytes);
            case Input.LineTooLong tooLong:
                draft.Say(new AgentEvent.Malformed("", $"a line of {tooLong.Bytes} bytes was passed over"));
                break;
            case Input.Begin: CodexOpening.Greet(draft); break;
            case Input.Prompt prompt: CodexTalk.Give(draft, new(prompt.Message, prompt.Text), SteerMode.Next); break;
            case Input.Say say: CodexTalk.Give(draft, new(say.Message, say.Text), say.Mode); break;
            case Input.Interrupt: CodexTalk.Interrupt(draft); break;
            case Input.Answer answer: CodexQuestions.Answer(draft, answer); break;
            case Input.Finish: CodexTalk.Finish(draft); break;
            case Input.Exited exited: CodexTalk.Exited(draft, exited); break;
        }

        return draft.Done();
    }

    public Checkpoint Save(MachineState state) => new(CodexState.Version, JsonSerializer.Serialize((CodexState)state, CodexJson.Default.CodexState));

    public MachineState? Load(Checkpoint checkpoint)
    {
        if (checkpoint.Version != CodexState.Version) return null;
        try
        {
            return JsonSerializer.Deserialize(checkpoint.Json, CodexJson.Default.CodexState);
        }
        catch (JsonException)
        {
            // As good as an unknown version: the caller replays the spool.
            return null;
        }
    }

    private static Step ReadLine(Draft<CodexState> draft, ReadOnlyMemory<byte> line)
    {
        var before = draft.State;
        return Incoming.Read(line,
            message =>
            {
                CodexReading.Read(draft, message);
                return draft.Done();
            },
            malformed => new(before, [malformed], []),
            () => new(before, [], []));
    }
}
