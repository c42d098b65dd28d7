using System.Text.Json;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Claude;

/// <summary>Whole blocks: texts, thoughts, tool calls and their results. One line holds one block; the blocks of one answer share its id.</summary>
internal static class ClaudeBlocks
{
    public static void Assistant(Draft<ClaudeState> draft, JsonElement line)
    {
        var ofSubAgent = line.At("parent_tool_use_id").Exists();
        if (!ofSubAgent)
        {
            ClaudeReading.StartTurn(draft);
            if (line.Text("message", "model") == "<synthetic>")
            {
                OwnWords(draft, line);
                return;
            }

            Complete(draft, line);
        }

        foreach (var block in line.Items("message", "content")) Block(draft, block, ofSubAgent);
    }

    public static void ToolResults(Draft<ClaudeState> draft, JsonElement line)
    {
        var any = false;
        foreach (var block in line.Items("message", "content"))
        {
            if (block.Text("type") != "tool_result" || block.Text("tool_use_id") is not { } id) continue;
            any = true;
            draft.Say(new AgentEvent.ToolReturned(id, Bounded.Text(Output(block.At("content"))), block.Flag("is_error")));
        }

        if (!any) ClaudeReading.Raw(draft, line);
    }

    /// <summary>The CLI speaks for itself in the model's place: nearly always about an error.</summary>
    private static void OwnWords(Draft<ClaudeState> draft, JsonElement line)
    {
        var text = string.Join('\n', line.Items("message", "content").Select(b => b.Text("text")).Where(t => t is not null));
        var error = line.Text("error");
        if (error is null && !ClaudeEnding.IsErrorText(text))
        {
            if (text.Length > 0) draft.Say(new AgentEvent.Said(Bounded.Text(text)));
            return;
        }

        var turn = draft.State.Turn;
        draft.State = draft.State with { Turn = turn with { Error = error ?? "unknown", MessageOpen = false } };
        var @class = turn.LimitRejected ? FailureClass.UsageLimit : ClaudeEnding.OfReport(error, status: null, text);
        draft.Say(new AgentEvent.Trouble(@class, Bounded.Text(text, 2000)));
    }

    /// <summary>A line that carries the reason why the answer stopped is a whole answer, not a piece of a stream. It comes so when the stream broke and the CLI
    /// asked again without streaming, which counts as an answer.</summary>
    private static void Complete(Draft<ClaudeState> draft, JsonElement line)
    {
        var turn = draft.State.Turn with { Answered = true };
        if (line.Text("message", "stop_reason") is not null)
        {
            if (turn.MessageOpen) draft.Say(new AgentEvent.Trouble(FailureClass.Connection, "the answer's stream broke; it was asked for again in one piece"));
            var usage = line.At("message", "usage");
            turn = turn with
            {
                MessageOpen = false,
                Input = turn.Input + (turn.MessageOpen ? 0 : usage.Whole("input_tokens") ?? 0), // the stream's beginning has told it
                Output = turn.Output + (usage.Whole("output_tokens") ?? 0),
            };
        }

        draft.State = draft.State with { Turn = turn };
    }

    private static void Block(Draft<ClaudeState> draft, JsonElement block, bool ofSubAgent)
    {
        switch (block.Text("type"))
        {
            case "text" when !ofSubAgent && block.Text("text") is { Length: > 0 } text:
                draft.State = draft.State with { Turn = draft.State.Turn with { LastText = Bounded.Text(text, 16 * 1024) } };
                draft.Say(new AgentEvent.Said(Bounded.Text(text)));
                break;
            case "thinking" when !ofSubAgent && block.Text("thinking") is { Length: > 0 } thought:
                draft.Say(new AgentEvent.Thought(Bounded.Text(thought)));
                break;
            case "tool_use" or "server_tool_use" when block.Text("id") is { } id:
                draft.Say(new AgentEvent.ToolCalled(id, block.Text("name") ?? "unknown", Bounded.Json(block.At("input"))));
                break;
            case "text" or "thinking" or "redacted_thinking": break;
            default: draft.Say(new AgentEvent.Raw(Bounded.Json(block))); break;
        }
    }

    private static string Output(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => content.Text()!,
        JsonValueKind.Array => string.Join('\n', content.Items().Select(b => b.Text("text") ?? $"[{b.Text("type") ?? "?"}]")),
        JsonValueKind.Undefined or JsonValueKind.Null => "",
        JsonValueKind.Object or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => content.GetRawText(),
    };
}
