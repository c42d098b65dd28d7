using System.Text;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Pi;

/// <summary>What we say to the agent, and when.</summary>
internal static class PiTalk
{
    /// <summary>Writes the message now, or holds it back until the agent can take it.</summary>
    public static void Give(Draft<PiState> draft, MessageId id, string text, SteerMode mode)
    {
        var state = draft.State;
        if (state.Closed)
        {
            draft.Refuse(id, Refused.BeingEnded);
            return;
        }

        var message = new PiMessage(id, Plain(text)) { Now = mode == SteerMode.Now };
        var working = state.InTurn || state.Unread.Count > 0;
        if (state.Rests && state.Held.Count == 0 || message.Now && state.TakesNow)
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

    /// <summary>Ends the running turn. One that has not begun cannot be ended yet: it is told again when it begins.</summary>
    public static void Interrupt(Draft<PiState> draft)
    {
        var state = draft.State;
        if (state.Closed || !state.InTurn && state.Unread.Count == 0) return;
        draft.State = state with { Aborting = true };
        Abort(draft);
    }

    public static void Abort(Draft<PiState> draft)
    {
        draft.State = draft.State with { Requests = draft.State.Requests + 1 };
        draft.Write(PiFrames.Command($"drover-{draft.State.Requests}", "abort"));
    }

    public static void Finish(Draft<PiState> draft)
    {
        if (draft.State.Closed) return;
        Refuse(draft, Refused.BeingEnded);
        draft.State = draft.State with { Closed = true };
        draft.EndInput();
    }

    /// <summary>The process is gone. Messages that were written and never taken up get no event: nobody knows whether they were read.</summary>
    public static void Exited(Draft<PiState> draft, Input.Exited exited)
    {
        var state = draft.State;
        if (state.InTurn || state.Unread.Count > 0 || !state.Greeted && !state.Closed)
        {
            // A process that was given its prompt on the command line ends with its run, and always with 0.
            var ended = state is { InTurn: true, Turn.Over: true, Retrying: false, Compacting: false } && exited.ExitCode is 0 or null;
            draft.Say(new AgentEvent.TurnEnded(ended ? PiEnding.Judge(state.Turn) : PiEnding.OfExit(state, exited), state.Turn.LastText));
        }

        Refuse(draft, Refused.ProcessEnded);
        draft.State = draft.State with { Closed = true, InTurn = false, Running = false, Unread = [], Probe = null, Emptying = null, Turn = new() };
    }

    /// <summary>Writes what waits, if the agent can take it: one message for each turn, and all that are for the running one.</summary>
    public static void WriteHeld(Draft<PiState> draft)
    {
        var state = draft.State;
        if (state.Closed) return;
        var next = state.Rests ? state.Held.FirstOrDefault() : state.TakesNow ? state.Held.FirstOrDefault(m => m.Now) : null;
        if (next is null) return;
        draft.State = state with { Held = [.. state.Held.Where(m => m != next)] };
        Write(draft, next);
    }

    private static void Refuse(Draft<PiState> draft, string why)
    {
        draft.Refuse(draft.State.Held.Select(h => h.Message), why);
        draft.State = draft.State with { Held = [] };
    }

    private static void Write(Draft<PiState> draft, PiMessage message)
    {
        draft.State = draft.State with { Unread = [.. draft.State.Unread, message with { Told = true }] };
        draft.Write(PiFrames.Message(message));
        if (!message.Told) draft.Say(new AgentEvent.MessageWritten(message.Message));
    }

    /// <summary>The text as it will come back. What begins with a slash would be run as a command of an extension, or replaced by a template.</summary>
    private static string Plain(string text)
    {
        var whole = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        return whole.StartsWith('/') ? " " + whole : whole;
    }
}
