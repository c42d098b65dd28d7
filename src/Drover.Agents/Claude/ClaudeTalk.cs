using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Claude;

/// <summary>What we say to the agent, and when.</summary>
internal static class ClaudeTalk
{
    /// <summary>Writes the message now, or holds it back until the agent rests (or, before the handshake, until it is answered).</summary>
    public static void Give(Draft<ClaudeState> draft, Held message, SteerMode mode)
    {
        var state = draft.State;
        if (state.Closed)
        {
            draft.Refuse(message.Message, Refused.BeingEnded);
            return;
        }

        var working = state.InTurn || state.Unread.Count > 0;
        if (state.Rests && state.Held.Count == 0 || mode == SteerMode.Now && state.Greeted)
        {
            Write(draft, message);
        }
        else if (mode == SteerMode.Interrupt && state.Greeted && working)
        {
            Interrupt(draft);
            draft.State = draft.State with { Held = [message, .. state.Held] };
        }
        else
        {
            draft.State = state with { Held = [.. state.Held, message] };
        }
    }

    /// <summary>Ends the running turn; nothing when none runs, since the agent would end the next one instead.</summary>
    public static void Interrupt(Draft<ClaudeState> draft)
    {
        var state = draft.State;
        if (state.Closed || !state.InTurn && state.Unread.Count == 0) return;
        draft.State = state with { Requests = state.Requests + 1 };
        draft.Write(ClaudeFrames.Request($"drover-{draft.State.Requests}", "interrupt"));
    }

    /// <summary>Answers a question that is still open; one that was withdrawn needs no answer.</summary>
    public static void Answer(Draft<ClaudeState> draft, Input.Answer answer)
    {
        var question = draft.State.Questions.FirstOrDefault(q => q.Id == answer.ApprovalId);
        if (question is null || draft.State.Closed) return;
        draft.State = draft.State with { Questions = [.. draft.State.Questions.Where(q => q != question)] };
        draft.Write(answer.Allow ? ClaudeFrames.Allow(question) : ClaudeFrames.Deny(question.Id, answer.Why ?? "Denied."));
    }

    public static void Finish(Draft<ClaudeState> draft)
    {
        if (draft.State.Closed) return;
        Refuse(draft, Refused.BeingEnded);
        draft.State = draft.State with { Closed = true };
        draft.EndInput();
    }

    /// <summary>The process is gone. Messages that were written and never taken up get no event: nobody knows whether they were read.</summary>
    public static void Exited(Draft<ClaudeState> draft, Input.Exited exited)
    {
        var state = draft.State;
        var owed = state.InTurn || state.Unread.Count > 0;
        Withdraw(draft);
        if (owed || !state.Greeted && !state.NeverCame)
        {
            ClaudeEnding.TellUsage(draft, default);
            draft.Say(new AgentEvent.TurnEnded(ClaudeEnding.OfExit(exited, state.Greeted), state.Turn.LastText));
        }

        Refuse(draft, Refused.ProcessEnded);
        draft.State = draft.State with { Closed = true, InTurn = false, Unread = [], NeverCame = !state.Greeted, Turn = new() };
    }

    /// <summary>Writes the next held message if the agent rests: one for each turn.</summary>
    public static void WriteHeld(Draft<ClaudeState> draft)
    {
        var state = draft.State;
        if (!state.Rests || state.Closed || state.Held.Count == 0) return;
        draft.State = state with { Held = [.. state.Held.Skip(1)] };
        Write(draft, state.Held[0]);
    }

    public static void Withdraw(Draft<ClaudeState> draft)
    {
        foreach (var question in draft.State.Questions) draft.Say(new AgentEvent.ApprovalWithdrawn(question.Id));
        draft.State = draft.State with { Questions = [] };
    }

    private static void Refuse(Draft<ClaudeState> draft, string why)
    {
        draft.Refuse(draft.State.Held.Select(h => h.Message), why);
        draft.State = draft.State with { Held = [] };
    }

    private static void Write(Draft<ClaudeState> draft, Held message)
    {
        draft.State = draft.State with { Unread = [.. draft.State.Unread, message.Message.Value] };
        draft.Write(ClaudeFrames.User(message));
        draft.Say(new AgentEvent.MessageWritten(message.Message));
    }
}
