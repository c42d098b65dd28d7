using System.Text.Json;
using Drover.Agents.Wire;

namespace Drover.Agents.Pi;

/// <summary>Whether the agent rests. The end of a run does not say so: a retry or a shortening of the history may follow, which versions announce differently, and newer ones
/// add an <c>agent_settled</c>. All of them answer <c>get_state</c>, behind whatever they announce.</summary>
internal static class PiProbe
{
    public static void Ask(Draft<PiState> draft)
    {
        var state = draft.State;
        if (!state.InTurn || state.Closed) return;
        if (state.Probe is not null)
        {
            draft.State = state with { ProbeAgain = true };
            return;
        }

        draft.State = state with { Requests = state.Requests + 1, Probe = $"drover-{state.Requests + 1}", ProbeAgain = false };
        draft.Write(PiFrames.Command(draft.State.Probe!, "get_state"));
    }

    public static void Answered(Draft<PiState> draft, JsonElement response)
    {
        var again = draft.State.ProbeAgain;
        draft.State = draft.State with { Probe = null, ProbeAgain = false };
        var data = response.At("data");
        PiReading.Know(draft, data.Text("sessionId"), data.Text("sessionFile"), data.Text("model", "id"));
        var works = data.Flag("isStreaming") || data.Flag("isCompacting") || draft.State.Retrying || draft.State.Compacting;
        if (!response.Flag("success") || works)
        {
            if (again) Ask(draft);
            return;
        }

        if (!draft.State.InTurn) return;
        PiEnding.EndTurn(draft);
        TakeBack(draft, data.Whole("pendingMessageCount") ?? 0);
        PiTalk.WriteHeld(draft);
    }

    /// <summary>Messages that the agent had queued for the turn and did not take up, because it was aborted or failed. They are for the next turn. Where it still has them it would
    /// take them up too, so it opens its session anew first, which empties its queue.</summary>
    private static void TakeBack(Draft<PiState> draft, long pending)
    {
        var left = draft.State.Unread.Where(m => m.Answered).ToList();
        if (left.Count == 0) return;
        draft.State = draft.State with
        {
            Unread = [.. draft.State.Unread.Where(m => !m.Answered)],
            Held = [.. left.Select(m => m with { Answered = false, Now = false }), .. draft.State.Held],
        };
        if (pending == 0) return;
        if (draft.State.SessionFile is not { } file)
        {
            GiveUp(draft);
            return;
        }

        draft.State = draft.State with { Requests = draft.State.Requests + 1, Emptying = $"drover-{draft.State.Requests + 1}" };
        draft.Write(PiFrames.Open(draft.State.Emptying!, file));
    }

    public static void Emptied(Draft<PiState> draft, JsonElement response)
    {
        draft.State = draft.State with { Emptying = null };
        if (!response.Flag("success") || response.At("data").Flag("cancelled")) GiveUp(draft);
        PiTalk.WriteHeld(draft);
    }

    private static void GiveUp(Draft<PiState> draft)
    {
        foreach (var message in draft.State.Held.Where(m => m.Told))
            draft.Refuse(message.Message, "the turn ended before it was read; the agent has it in its queue still and may take it up beside the next message");
        draft.State = draft.State with { Held = [.. draft.State.Held.Where(m => !m.Told)] };
    }
}
