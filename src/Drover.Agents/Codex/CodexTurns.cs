using System.Text.Json;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Codex;

/// <summary>How a turn begins and ends, and what becomes of the messages written for it.</summary>
internal static class CodexTurns
{
    /// <summary>The server begins turns by itself too; what is said again of the turn that ended last is not about a new one.</summary>
    public static void Started(Draft<CodexState> draft, string? id)
    {
        if (id is null || draft.State.Phase != CodexPhase.Ready || id == draft.State.LastTurn) return;
        var turn = draft.State.Turn ?? new();
        draft.State = draft.State with { Turn = turn with { Id = id, Started = true } };
        if (turn.Started) return;
        draft.Say(new AgentEvent.TurnStarted());
        CodexTalk.Began(draft);
    }

    /// <summary>The response to turn/start or turn/steer.</summary>
    public static void Answered(Draft<CodexState> draft, Sent sent, JsonElement line)
    {
        var (state, error) = (draft.State, line.At("error"));
        if (sent.Steers is { } steered)
        {
            // What was taken into a turn that is over without its item is not in the conversation.
            if (error.Exists() || state.Turn?.Id != steered) TakeBack(draft, sent);
            else draft.State = state with { Sent = [.. state.Sent.Select(s => s == sent ? s with { Answered = true } : s)] };
        }
        else if (error.Exists())
        {
            Refused(draft, sent, error);
        }
        else if (state.Turn is null && (line.Text("result", "turn", "id") ?? state.LastTurn) == state.LastTurn)
        {
            TakeBack(draft, sent); // an interrupt ended its turn before this answer came
        }
        else
        {
            draft.State = state with { Sent = [.. state.Sent.Select(s => s == sent ? s with { Answered = true } : s)] };
            if (state.Turn is { Id: null } turn) draft.State = draft.State with { Turn = turn with { Id = line.Text("result", "turn", "id") } };
        }
    }

    /// <summary>The item that shows a message of ours in the conversation: it has been read. A server that does not give our id back is told apart by the text.</summary>
    public static void Shown(Draft<CodexState> draft, JsonElement item)
    {
        var client = item.Text("clientId");
        var text = string.Concat(item.Items("content").Select(c => c.Text("text")));
        var sent = draft.State.Sent.FirstOrDefault(s => client is null ? s.Note.Text == text : s.Note.Message.Value == client);
        if (sent is not null) Accept(draft, sent);
    }

    public static void Completed(Draft<CodexState> draft, JsonElement completed, JsonElement line)
    {
        var (state, id) = (draft.State, completed.Text("id"));
        if (id is null || id == state.LastTurn || state.Turn is not { } turn || turn.Id is { } known && known != id)
        {
            CodexReading.Raw(draft, line);
            return;
        }

        Started(draft, id);
        var ending = CodexEnding.Judge(draft.State, completed);
        // Interrupted early enough, a turn drops the message that opened it. After any other end that message is not given again: turns that fail would fail without end.
        if (ending.Outcome != Outcome.Interrupted)
        {
            foreach (var opener in draft.State.Sent.Where(s => s.Steers is null)) Accept(draft, opener);
        }

        CodexQuestions.Withdraw(draft);
        End(draft, ending, completed);
        foreach (var dropped in draft.State.Sent.Where(s => s.Answered)) CodexTalk.TakeBack(draft, dropped);
        CodexTalk.WriteHeld(draft);
    }

    private static void End(Draft<CodexState> draft, TurnEnding ending, JsonElement completed)
    {
        var state = draft.State;
        draft.Say(new AgentEvent.TurnEnded(ending, state.Turn!.LastText));
        draft.State = state with { Turn = null, LastTurn = completed.Text("id"), ForNow = [], Held = [.. state.ForNow, .. state.Held] };

        // An interrupted turn leaves its commands running.
        if (ending.Outcome != Outcome.Interrupted || state.Closed || !state.Items.Any(i => i is { IsCommand: true, IsOver: false })) return;
        draft.Write(CodexFrames.EndCommands(CodexOpening.NextId(draft), state.Thread!));
    }

    private static void TakeBack(Draft<CodexState> draft, Sent sent)
    {
        CodexTalk.TakeBack(draft, sent);
        CodexTalk.WriteHeld(draft);
    }

    /// <summary>The server does not begin a turn for this message.</summary>
    private static void Refused(Draft<CodexState> draft, Sent sent, JsonElement error)
    {
        var ending = CodexEnding.OfRpc(error);
        draft.State = draft.State with { Sent = [.. draft.State.Sent.Where(s => s != sent)] };
        draft.Refuse(sent.Note.Message, ending.Reason);
        if (draft.State.Turn is { Started: false })
        {
            draft.State = draft.State with { Turn = null, ForNow = [], Held = [.. draft.State.ForNow, .. draft.State.Held] };
            draft.Say(new AgentEvent.TurnEnded(ending, null));
        }

        CodexTalk.WriteHeld(draft);
    }

    private static void Accept(Draft<CodexState> draft, Sent sent)
    {
        draft.State = draft.State with { Sent = [.. draft.State.Sent.Where(s => s != sent)] };
        draft.Say(new AgentEvent.MessageAccepted(sent.Note.Message));
    }
}
