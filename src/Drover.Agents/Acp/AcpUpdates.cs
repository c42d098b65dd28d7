using System.Text.Json;
using Drover.Agents.Wire;

namespace Drover.Agents.Acp;

/// <summary>Reads <c>session/update</c>.</summary>
internal static class AcpUpdates
{
    public static void Read(Draft<AcpState> draft, JsonElement update, JsonElement line)
    {
        Facts(draft, update);

        // A loaded conversation tells its history: most agents before they answer the request, some right after.
        if (draft.State.Phase != AcpPhase.Ready || draft.State is { ResumeId: not null, Prompted: false }) return;
        switch (update.Text("sessionUpdate"))
        {
            case "agent_message_chunk": Chunk(draft, update, isThought: false); break;
            case "agent_thought_chunk": Chunk(draft, update, isThought: true); break;
            case "tool_call" or "tool_call_update":
                AcpReading.Started(draft);
                CloseBlock(draft);
                AcpTools.Update(draft, update);
                break;
            case "plan":
                AcpReading.Started(draft);
                AcpReading.Raw(draft, line);
                break;
            case "usage_update" or "user_message_chunk" or "available_commands_update" or "current_mode_update" or "config_option_update" or "session_info_update": break;
            default: AcpReading.Raw(draft, line); break;
        }
    }

    /// <summary>Ends the growing text or thought, if there is one.</summary>
    public static void CloseBlock(Draft<AcpState> draft)
    {
        if (draft.State.Block is not { } block) return;
        draft.State = draft.State with
        {
            Block = null,
            Turn = block.IsThought ? draft.State.Turn : draft.State.Turn with { LastText = block.Text },
        };
        draft.Say(block.IsThought ? new AgentEvent.Thought(block.Text) : new AgentEvent.Said(block.Text));
    }

    private static void Chunk(Draft<AcpState> draft, JsonElement update, bool isThought)
    {
        AcpReading.Started(draft);
        if (update.Text("content", "text") is not { } text)
        {
            draft.Say(new AgentEvent.Raw(Bounded.Json(update)));
            return;
        }

        if (text.Length == 0) return;
        draft.Say(new AgentEvent.Delta(isThought, Bounded.Text(text)));
        var message = update.Text("messageId");
        if (draft.State.Block is { } open && (open.IsThought != isThought || open.MessageId != message)) CloseBlock(draft);
        Grow(draft, isThought, message, text);

        // Outside a turn nothing else would end it.
        if (!draft.State.Works) CloseBlock(draft);
    }

    private static void Grow(Draft<AcpState> draft, bool isThought, string? message, string text)
    {
        text = (draft.State.Block?.Text ?? "") + text;
        while (text.Length > Block.Longest)
        {
            var piece = Bounded.Text(text, Block.Longest);
            draft.State = draft.State with { Block = new(isThought, message, piece) };
            CloseBlock(draft);
            text = text[piece.Length..];
        }

        draft.State = draft.State with { Block = new(isThought, message, text) };
    }

    /// <summary>Facts that any update may carry: cost, tokens, and an agent's word that its system failed.</summary>
    private static void Facts(Draft<AcpState> draft, JsonElement update)
    {
        var state = draft.State;
        if (update.Text("sessionUpdate") == "usage_update" && update.Text("cost", "currency") is null or "USD" && update.Money("cost", "amount") is { } cost)
        {
            // The first figure of a loaded conversation counts what earlier runs have cost.
            state = state with { CostNow = cost, CostBefore = state.CostBefore ?? (state.Phase == AcpPhase.Ready ? null : cost) };
        }

        var (usage, turn) = (update.At("_meta", "usage"), state.Turn);
        if (usage.ValueKind == JsonValueKind.Object && state.Works)
        {
            turn = turn with
            {
                Input = turn.Input + (usage.Whole("inputTokens") ?? 0),
                Output = turn.Output + (usage.Whole("outputTokens") ?? 0),
                CacheRead = turn.CacheRead + (usage.Whole("cachedReadTokens") ?? 0),
            };
        }

        if (AcpEnding.SaysSystemError(update)) turn = turn with { SystemError = true };
        draft.State = state with { Turn = turn };
    }
}
