using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Acp;

/// <summary>What we say to the agent, and when. One prompt is in flight at a time, and into its turn go further ones only where the agent is known to take them up.</summary>
internal static class AcpTalk
{
    public static void Give(Draft<AcpState> draft, Held message, SteerMode mode)
    {
        var state = draft.State;
        if (state.Closed || state.Phase == AcpPhase.Failed)
        {
            draft.Say(new AgentEvent.MessageRefused(message.Message, state.Closed ? "the agent is being ended" : "the agent could not be started"));
            return;
        }

        switch (mode)
        {
            case SteerMode.Now when state is { Works: true, Steers: true, Cancelling: false, Session: { } session }:
                Write(draft, session, message);
                break;
            case SteerMode.Interrupt when state.Works:
                Interrupt(draft);
                draft.State = draft.State with { Held = [message, .. draft.State.Held] };
                break;
            case SteerMode.Now or SteerMode.Next or SteerMode.Interrupt:
                draft.State = state with { Held = [.. state.Held, message] };
                WriteHeld(draft);
                break;
        }
    }

    /// <summary>Ends the running turn. Questions that are open are answered "cancelled", as the protocol demands.</summary>
    public static void Interrupt(Draft<AcpState> draft)
    {
        if (draft.State is not { Works: true, Cancelling: false, Closed: false, Session: { } session }) return;
        draft.State = draft.State with { Cancelling = true };
        draft.Write(AcpFrames.Cancel(session));
        AcpQuestions.Withdraw(draft);
        AcpTerminals.EndAll(draft);
    }

    public static void Finish(Draft<AcpState> draft)
    {
        if (draft.State.Closed) return;
        Refuse(draft, "the agent is being ended");
        AcpTerminals.EndAll(draft);
        draft.State = draft.State with { Closed = true };
        draft.EndInput();
    }

    /// <summary>The process is gone. A prompt that was written and of which nothing was seen gets no event: nobody knows whether it was read.</summary>
    public static void Exited(Draft<AcpState> draft, Input.Exited exited)
    {
        draft.State = draft.State with { Closed = true };
        AcpUpdates.CloseBlock(draft);
        AcpQuestions.Withdraw(draft);
        var state = draft.State;
        var opened = state.Phase is AcpPhase.Ready;
        if (state.Works || !opened && state.Phase != AcpPhase.Failed)
            draft.Say(new AgentEvent.TurnEnded(Failures.Ended(exited.ExitCode, exited.LastErrors, opened), state.Turn.LastText));
        Refuse(draft, "the agent's process has ended");
        draft.State = draft.State with { Flights = [], Errands = [], Commands = [], Phase = opened ? AcpPhase.Ready : AcpPhase.Failed, Tools = [], Turn = new() };
    }

    public static void WriteHeld(Draft<AcpState> draft)
    {
        if (draft.State is not { Phase: AcpPhase.Ready, Works: false, Closed: false, Held: [var first, ..], Session: { } session }) return;
        draft.State = draft.State with { Held = [.. draft.State.Held.Skip(1)] };
        Write(draft, session, first);
    }

    private static void Write(Draft<AcpState> draft, string session, Held message)
    {
        var id = AcpOpening.NextId(draft);
        draft.State = draft.State with { Flights = [.. draft.State.Flights, new(id, message.Message, Started: false)], Prompted = true };
        draft.Write(AcpFrames.Prompt(id, session, message.Text));
        draft.Say(new AgentEvent.MessageWritten(message.Message));
    }

    public static void Refuse(Draft<AcpState> draft, string why)
    {
        foreach (var held in draft.State.Held) draft.Say(new AgentEvent.MessageRefused(held.Message, why));
        draft.State = draft.State with { Held = [] };
    }
}
