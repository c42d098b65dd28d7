using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Codex;

/// <summary>What we say to the agent, and when.</summary>
internal static class CodexTalk
{
    public static void Give(Draft<CodexState> draft, Note note, SteerMode mode)
    {
        var state = draft.State;
        if (state.Closed || state.Phase == CodexPhase.Failed)
        {
            draft.Refuse(note.Message, state.Closed ? Refused.BeingEnded : Refused.NotStarted);
        }
        else if (mode == SteerMode.Interrupt && state.Turn is not null)
        {
            Interrupt(draft);
            var before = draft.State.Held.TakeWhile(n => n.Written || n.Instead).ToList();
            draft.State = draft.State with { Held = [.. before, note with { Instead = true }, .. draft.State.Held.Skip(before.Count)] };
        }
        else if (mode == SteerMode.Now && state.Turn is { Ending: false } turn)
        {
            if (turn is { Started: true, Id: { } id }) Steer(draft, id, note);
            else draft.State = state with { ForNow = [.. state.ForNow, note] };
        }
        else
        {
            draft.State = state with { Held = [.. state.Held, note] };
            WriteHeld(draft);
        }
    }

    /// <summary>Ends the running turn, or the one that was asked for as soon as it begins. Open questions are declined.</summary>
    public static void Interrupt(Draft<CodexState> draft)
    {
        if (draft.State is not { Closed: false, Turn: { Ending: false } turn }) return;
        draft.State = draft.State with { Turn = turn with { Ending = true } };
        if (turn.Started) WriteInterrupt(draft);
        CodexQuestions.Withdraw(draft);
    }

    /// <summary>The turn has begun: what waited for that is written.</summary>
    public static void Began(Draft<CodexState> draft)
    {
        if (draft.State is not { Closed: false, Turn: { Id: { } id } turn }) return;
        if (turn.Ending)
        {
            WriteInterrupt(draft);
            return;
        }

        var waiting = draft.State.ForNow;
        draft.State = draft.State with { ForNow = [] };
        foreach (var note in waiting) Steer(draft, id, note);
    }

    public static void Finish(Draft<CodexState> draft)
    {
        if (draft.State.Closed) return;
        Refuse(draft, Refused.BeingEnded);
        draft.State = draft.State with { Closed = true };
        draft.EndInput();
    }

    /// <summary>The process is gone. A message that was written and of which no item was seen gets no event: nobody knows whether it was read.</summary>
    public static void Exited(Draft<CodexState> draft, Input.Exited exited)
    {
        draft.State = draft.State with { Closed = true };
        CodexQuestions.Withdraw(draft);
        var state = draft.State;
        var opened = state.Phase is CodexPhase.Ready;
        if (state.Turn is not null || state.Sent.Count > 0 || !opened && state.Phase != CodexPhase.Failed)
            draft.Say(new AgentEvent.TurnEnded(Failures.Ended(exited.ExitCode, exited.LastErrors, opened), state.Turn?.LastText));
        Refuse(draft, Refused.ProcessEnded);
        draft.State = draft.State with { Turn = null, Sent = [], Items = [], Phase = opened ? CodexPhase.Ready : CodexPhase.Failed };
    }

    /// <summary>Opens a turn with the next message that waits, when the agent rests and nothing that was written is in doubt.</summary>
    public static void WriteHeld(Draft<CodexState> draft)
    {
        if (draft.State is not { Phase: CodexPhase.Ready, Turn: null, Sent.Count: 0, Closed: false, Held: [var next, ..], Thread: { } thread }) return;
        var id = CodexOpening.NextId(draft);
        // What a turn was interrupted for does not wait for all that is done about another message: it is told in the same turn.
        var rest = draft.State.Held.Skip(1).ToList();
        var soon = rest.FindLastIndex(n => n.Instead) + 1;
        draft.State = draft.State with { Held = rest[soon..], ForNow = rest[..soon], Turn = new(), Sent = [new(id, next)] };
        draft.Write(CodexFrames.Start(id, thread, next));
        TellWritten(draft, next);
    }

    /// <summary>The agent did not take a message into the turn that it was for: it opens the next one. Those that came back before stay before it.</summary>
    public static void TakeBack(Draft<CodexState> draft, Sent sent)
    {
        var state = draft.State with { Sent = [.. draft.State.Sent.Where(s => s != sent)] };
        draft.State = state;
        if (state.Closed)
        {
            draft.Refuse(sent.Note.Message, "the turn had ended, and the agent was being ended");
            return;
        }

        var back = sent.Note with { Written = true };
        var before = state.Held.TakeWhile(n => n.Written).ToList();
        draft.State = state with { Held = [.. before, back, .. state.Held.Skip(before.Count)] };
    }

    public static void Refuse(Draft<CodexState> draft, string why)
    {
        draft.Refuse(draft.State.ForNow.Concat(draft.State.Held).Select(n => n.Message), why);
        draft.State = draft.State with { Held = [], ForNow = [] };
    }

    private static void Steer(Draft<CodexState> draft, string turn, Note note)
    {
        var id = CodexOpening.NextId(draft);
        draft.State = draft.State with { Sent = [.. draft.State.Sent, new(id, note) { Steers = turn }] };
        draft.Write(CodexFrames.Steer(id, draft.State.Thread!, turn, note));
        TellWritten(draft, note);
    }

    private static void WriteInterrupt(Draft<CodexState> draft)
    {
        if (draft.State is not { Thread: { } thread, Turn: { Id: { } turn } running }) return;
        var id = CodexOpening.NextId(draft);
        draft.State = draft.State with { Turn = running with { Interrupt = id } };
        draft.Write(CodexFrames.Interrupt(id, thread, turn));
    }

    private static void TellWritten(Draft<CodexState> draft, Note note)
    {
        if (!note.Written) draft.Say(new AgentEvent.MessageWritten(note.Message));
    }
}
