using System.Text.Json;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Acp;

/// <summary>From the first line to the moment the agent can take a prompt.</summary>
internal static class AcpOpening
{
    public static void Greet(Draft<AcpState> draft) => draft.Write(AcpFrames.Initialize(NextId(draft), draft.State));

    /// <summary>Reads the answer to a request of ours that is no prompt.</summary>
    public static void Answered(Draft<AcpState> draft, int id, JsonElement line)
    {
        var state = draft.State;
        var error = line.At("error");
        switch (state.Phase)
        {
            case AcpPhase.Greeting when id == state.LastId && error.Exists(): Fail(draft, AcpEnding.OfError(error)); break;
            case AcpPhase.Greeting when id == state.LastId: Greeted(draft, line.At("result")); break;
            case AcpPhase.Opening when id == state.LastId && error.Exists(): Fail(draft, NotOpened(state, error)); break;
            case AcpPhase.Opening when id == state.LastId: Opened(draft, line.At("result")); break;
            case AcpPhase.Setting when state.Settings.FirstOrDefault(s => s.Id == id) is { } setting: AcpSettings.Answered(draft, setting, error); break;
            case AcpPhase.Greeting or AcpPhase.Opening or AcpPhase.Setting or AcpPhase.Ready or AcpPhase.Failed: AcpReading.Raw(draft, line); break;
        }
    }

    public static int NextId(Draft<AcpState> draft)
    {
        draft.State = draft.State with { LastId = draft.State.LastId + 1 };
        return draft.State.LastId;
    }

    private static void Greeted(Draft<AcpState> draft, JsonElement result)
    {
        if (result.Whole("protocolVersion") is not 1)
        {
            Fail(draft, Failures.Failed(FailureClass.Protocol, $"the agent does not speak version 1 of the protocol but {Bounded.Json(result.At("protocolVersion"))}"));
            return;
        }

        if (Method(draft.State, result.At("agentCapabilities"), out var impossible) is not { } method)
        {
            Fail(draft, impossible!);
            return;
        }

        draft.State = draft.State with
        {
            Phase = AcpPhase.Opening,
            AgentName = result.Text("agentInfo", "title") ?? result.Text("agentInfo", "name"),
            AgentVersion = result.Text("agentInfo", "version"),
        };
        draft.Write(AcpFrames.Open(NextId(draft), method, draft.State));

        // Their variables may be secret, and are needed no more.
        draft.State = draft.State with { Servers = [] };
    }

    /// <summary>How the conversation is opened, by what the agent offers.</summary>
    private static string? Method(AcpState state, JsonElement abilities, out TurnEnding? impossible)
    {
        impossible = null;
        var sessions = abilities.At("sessionCapabilities");
        if (state.ResumeId is null) return "session/new";
        if (state.Forks)
        {
            if (sessions.At("fork").Exists()) return "session/fork";
            impossible = Failures.Failed(FailureClass.Other, Adapter.CannotFork);
            return null;
        }

        if (abilities.Flag("loadSession")) return "session/load";
        if (sessions.At("resume").Exists()) return "session/resume";
        impossible = Failures.UnknownConversation("the agent cannot go on with an earlier one");
        return null;
    }

    private static void Opened(Draft<AcpState> draft, JsonElement result)
    {
        var session = draft.State is { ResumeId: { } resumed, Forks: false } ? resumed : result.Text("sessionId");
        if (session is null)
        {
            Fail(draft, Failures.Failed(FailureClass.Protocol, "the agent opened a conversation without an id"));
            return;
        }

        draft.State = draft.State with { Session = session, Phase = AcpPhase.Setting };
        var offer = AcpOffer.Of(result);
        if (!AcpSettings.TryAsk(draft, session, offer, out var impossible))
        {
            Fail(draft, Failures.Failed(FailureClass.Other, impossible));
            return;
        }

        draft.Say(new AgentEvent.ConversationStarted(session, draft.State.WantedModel ?? offer.CurrentModel));
        ReadyWhenSet(draft);
    }

    /// <summary>That a conversation is not there is told in as many ways as there are agents, down to "internal error". So it is what is left when the error speaks of nothing
    /// else: not of keys, limits or the network. Whoever begins a fresh conversation then learns at once when it was the agent after all.</summary>
    private static TurnEnding NotOpened(AcpState state, JsonElement error)
    {
        var ending = AcpEnding.OfError(error);
        return state.ResumeId is not null && ending.Class is FailureClass.Other ? Failures.UnknownConversation(ending.Reason) : ending;
    }

    public static void ReadyWhenSet(Draft<AcpState> draft)
    {
        if (draft.State.Phase != AcpPhase.Setting || draft.State.Settings.Count > 0) return;
        draft.State = draft.State with { Phase = AcpPhase.Ready };
        draft.Say(new AgentEvent.HandshakeAnswered(draft.State.AgentName ?? "an ACP agent", draft.State.AgentVersion));
        AcpTalk.WriteHeld(draft);
    }

    public static void Fail(Draft<AcpState> draft, TurnEnding ending)
    {
        draft.State = draft.State with { Phase = AcpPhase.Failed };
        draft.Say(new AgentEvent.TurnEnded(ending, null));
        AcpTalk.Refuse(draft, $"the agent could not be started: {ending.Reason}");
    }
}
