using System.Text.Json;
using Drover.Agents.Wire;

namespace Drover.Agents.Pi;

/// <summary>What the model and its tools say. A user's message that begins is the receipt for ours: the model's loop has taken it up.</summary>
internal static class PiMessages
{
    public static void Read(Draft<PiState> draft, JsonElement line)
    {
        var role = line.Text("message", "role");
        switch (line.Text("type"))
        {
            case "message_start" when role == "user": TakenUp(draft, Text(line.At("message", "content"))); break;
            case "message_start" when role == "assistant": draft.State = draft.State with { Turn = draft.State.Turn with { MessageOpen = true } }; break;
            case "message_end" when role == "assistant": Said(draft, line.At("message")); break;
            case "message_update": Piece(draft, line.At("assistantMessageEvent")); break;
            case "tool_execution_start" when line.Text("toolCallId") is { } id: Called(draft, id, line); break;
            case "tool_execution_end" when line.Text("toolCallId") is { } id: Returned(draft, id, line); break;
            case "message_start" or "message_end" when role is "user" or "toolResult": break;
            default: PiReading.Raw(draft, line); break;
        }
    }

    /// <summary>An extension may have changed a text on its way; what opens the turn that we asked for is ours all the same.</summary>
    private static void TakenUp(Draft<PiState> draft, string text)
    {
        var state = draft.State;
        var message = state.Unread.FirstOrDefault(m => m.Text == text) ?? (state.Turn.Opening ? state.Unread.FirstOrDefault() : null);
        if (message is not null) PiReading.Start(draft);
        draft.State = draft.State with { Turn = draft.State.Turn with { Opening = false } };
        if (message is null) return;
        draft.State = draft.State with { Unread = [.. draft.State.Unread.Where(m => m.Message != message.Message)] };
        draft.Say(new AgentEvent.MessageAccepted(message.Message));
        PiTalk.WriteHeld(draft);
    }

    private static void Said(Draft<PiState> draft, JsonElement message)
    {
        var turn = draft.State.Turn with { MessageOpen = false, Stop = message.Text("stopReason"), Error = message.Text("errorMessage") };
        foreach (var block in message.Items("content"))
        {
            if (block.Text("type") == "thinking" && block.Text("thinking") is { Length: > 0 } thought) draft.Say(new AgentEvent.Thought(Bounded.Text(thought)));
            if (block.Text("type") != "text" || block.Text("text") is not { Length: > 0 } text) continue;
            turn = turn with { LastText = Bounded.Text(text, 16 * 1024) };
            draft.Say(new AgentEvent.Said(Bounded.Text(text)));
        }

        draft.State = draft.State with { Turn = turn };
        TellUsage(draft, message.At("usage"));
    }

    /// <summary>A cost of nothing for tokens that were used only means that pi knows no prices for the model.</summary>
    private static void TellUsage(Draft<PiState> draft, JsonElement usage)
    {
        var told = new AgentEvent.Usage(usage.Whole("input") ?? 0, usage.Whole("output") ?? 0, usage.Whole("cacheRead") ?? 0, usage.Whole("cacheWrite") ?? 0,
            usage.Money("cost", "total") is { } cost and > 0 ? cost : null);
        if (told is not { Input: 0, Output: 0, CacheRead: 0, CacheWrite: 0, Usd: null }) draft.Say(told);
    }

    private static void Piece(Draft<PiState> draft, JsonElement part)
    {
        if (part.Text("delta") is not { } piece || part.Text("type") is not ("text_delta" or "thinking_delta")) return;
        draft.Say(new AgentEvent.Delta(part.Text("type") == "thinking_delta", Bounded.Text(piece)));
    }

    private static void Called(Draft<PiState> draft, string id, JsonElement line)
    {
        if (draft.State.OpenTools.Contains(id)) return;
        draft.State = draft.State with { OpenTools = [.. draft.State.OpenTools, id] };
        draft.Say(new AgentEvent.ToolCalled(id, line.Text("toolName") ?? "unknown", Bounded.Json(line.At("args"))));
    }

    private static void Returned(Draft<PiState> draft, string id, JsonElement line)
    {
        if (!draft.State.OpenTools.Contains(id)) return;
        draft.State = draft.State with { OpenTools = [.. draft.State.OpenTools.Where(t => t != id)] };
        draft.Say(new AgentEvent.ToolReturned(id, Bounded.Text(Text(line.At("result", "content"))), line.Flag("isError")));
    }

    private static string Text(JsonElement content) => content.ValueKind == JsonValueKind.String
        ? content.Text()!
        : string.Concat(content.Items().Select(b => b.Text("text") ?? $"[{b.Text("type") ?? "?"}]"));
}
