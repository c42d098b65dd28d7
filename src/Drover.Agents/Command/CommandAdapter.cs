using System.Text;
using System.Text.Json;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Command;

/// <summary>Any program that takes one prompt, works and ends. Nothing can be said to it while it works.</summary>
internal sealed class CommandAdapter : IAdapter
{
    private const string OnePrompt = "this agent takes one prompt and ends; nothing can be said to it. Refine its run when it has ended";

    public string Name => "command";

    public AdapterCapabilities Capabilities { get; } =
        new(SaysInsideTurn: false, Interrupts: false, Resumes: false, ChoosesConversationId: false, AsksApproval: false, ReportsCost: false) { TakesOnePrompt = true };

    public IReadOnlyList<AdapterOption> Options { get; } =
    [
        AdapterOption.Word("output", "The form of what the program writes: plain text, JSON lines in Drover's words, or the one-shot output of a known agent.", [.. Dialects.All.Select(d => d.Name)]),
        AdapterOption.Word("prompt", "How the program gets its prompt: in the place of `{prompt}` in the command, on its standard input, or in a file whose path is in the place of `{prompt_file}`.",
            "argument", "input", "file"),
        new("resume", "a word such as `--resume`", "The argument that stands before the id of a conversation to go on with. Both come into the place of `{resume}` in the command, which is left out when there is none to go on with.", text => text.Length > 0),
    ];

    /// <summary>A program goes on with a conversation when it is known how it is told which.</summary>
    public AdapterCapabilities With(IReadOnlyDictionary<string, string> options) => options.ContainsKey("resume") ? Capabilities with { Resumes = true } : Capabilities;

    public Launch Plan(LaunchRequest request) => CommandLaunch.Plan(request);

    public Step Apply(MachineState state, Input input)
    {
        var draft = new Draft<CommandState>((CommandState)state);
        switch (input)
        {
            case Input.Line line: Read(draft, line.Bytes); break;
            case Input.LineTooLong tooLong:
                Turns.Start(draft);
                draft.Say(new AgentEvent.Malformed("", $"a line of {tooLong.Bytes} bytes was passed over"));
                break;
            case Input.Begin: Begin(draft); break;
            case Input.Prompt prompt: Give(draft, prompt); break;
            case Input.Say say: draft.Refuse(say.Message, OnePrompt); break;
            case Input.Finish: EndInput(draft); break;
            case Input.Exited exited: Exited(draft, exited); break;
            case Input.Interrupt or Input.Answer: break;
        }

        return draft.Done();
    }

    public Checkpoint Save(MachineState state) => new(CommandState.Version, JsonSerializer.Serialize((CommandState)state, CommandJson.Default.CommandState));

    public MachineState? Load(Checkpoint checkpoint)
    {
        if (checkpoint.Version != CommandState.Version) return null;
        try
        {
            return JsonSerializer.Deserialize(checkpoint.Json, CommandJson.Default.CommandState);
        }
        catch (JsonException)
        {
            // As good as an unknown version: the caller replays the spool.
            return null;
        }
    }

    /// <summary>There is no handshake: the program can take its prompt as soon as it is there.</summary>
    private static void Begin(Draft<CommandState> draft)
    {
        draft.Say(new AgentEvent.HandshakeAnswered("a program", null));
        if (draft.State.Way != PromptWay.Talk) EndInput(draft);
    }

    private static void Give(Draft<CommandState> draft, Input.Prompt prompt)
    {
        if (draft.State is not { Prompt: null, Closed: false, Ended: false })
        {
            draft.Refuse(prompt.Message, OnePrompt);
            return;
        }

        draft.State = draft.State with { Prompt = prompt.Message };
        if (draft.State.Way == PromptWay.Talk)
        {
            draft.Write(Encoding.UTF8.GetBytes(prompt.Text.EndsWith('\n') ? prompt.Text : prompt.Text + "\n"));
            EndInput(draft);
        }

        draft.Say(new AgentEvent.MessageWritten(prompt.Message));
    }

    private static void EndInput(Draft<CommandState> draft)
    {
        if (draft.State.InputEnded) return;
        draft.State = draft.State with { InputEnded = true };
        draft.EndInput();
    }

    private static void Read(Draft<CommandState> draft, ReadOnlyMemory<byte> line)
    {
        if (!draft.State.Ended)
        {
            Dialects.Of(draft.State).Read(draft, line);
            return;
        }

        if (!line.Span.Trim(" \t\r"u8).IsEmpty) draft.Say(new AgentEvent.Raw(Frame.Text(json => json.Words("text", Bounded.Text(Encoding.UTF8.GetString(line.Span))))));
    }

    private static void Exited(Draft<CommandState> draft, Input.Exited exited)
    {
        var state = draft.State;
        draft.State = state with { Closed = true, InputEnded = true };
        if (state.Ended || state.Closed) return;

        // What could not be run has not read its prompt. All others had it when they began.
        Turns.CloseText(draft);
        if (state.Prompt is not null && exited.ExitCode is not (126 or 127)) Turns.Start(draft);
        Turns.End(draft, Dialects.Of(draft.State).Judge(draft.State, exited));
    }
}
