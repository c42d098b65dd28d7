using System.Text.Json;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Acp;

/// <summary>From the first line to the moment the agent can take a prompt.</summary>
internal static class AcpOpening
{
    /// <summary>Modes in which an agent asks nothing, by the names agents give them; wanted where our own sandbox surrounds it.</summary>
    private static readonly string[] s_allowAll = ["yolo", "bypassPermissions", "agent-full-access", "full-access"];

    /// <summary>Modes in which an agent edits without asking and asks before it runs a command.</summary>
    private static readonly string[] s_acceptEdits = ["acceptEdits", "autoEdit", "auto-edit", "workspace-write"];

    public static void Greet(Draft<AcpState> draft) => draft.Write(AcpFrames.Initialize(NextId(draft)));

    /// <summary>Reads the answer to a request of ours that is no prompt.</summary>
    public static void Answered(Draft<AcpState> draft, int id, JsonElement line)
    {
        var state = draft.State;
        var error = line.At("error");
        switch (state.Phase)
        {
            case AcpPhase.Greeting when id == state.LastId && error.Exists(): Fail(draft, AcpEnding.OfError(error)); break;
            case AcpPhase.Greeting when id == state.LastId: Greeted(draft, line.At("result")); break;
            case AcpPhase.Opening when id == state.LastId && error.Exists(): Fail(draft, AcpEnding.OfError(error)); break;
            case AcpPhase.Opening when id == state.LastId: Opened(draft, line.At("result")); break;
            case AcpPhase.Setting when state.Settings.FirstOrDefault(s => s.Id == id) is { } setting: Set(draft, setting, error); break;
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

        var abilities = result.At("agentCapabilities");
        var resume = draft.State.ResumeId;
        var method = resume is null ? "session/new"
            : abilities.Flag("loadSession") ? "session/load"
            : abilities.At("sessionCapabilities", "resume").Exists() ? "session/resume" : null;
        if (method is null)
        {
            Fail(draft, Failures.Failed(FailureClass.Protocol, "the agent cannot go on with an earlier conversation"));
            return;
        }

        draft.State = draft.State with
        {
            Phase = AcpPhase.Opening,
            AgentName = result.Text("agentInfo", "title") ?? result.Text("agentInfo", "name"),
            AgentVersion = result.Text("agentInfo", "version"),
        };
        draft.Write(AcpFrames.Open(NextId(draft), method, resume, draft.State.WorkingDirectory));
    }

    private static void Opened(Draft<AcpState> draft, JsonElement result)
    {
        var session = draft.State.ResumeId ?? result.Text("sessionId");
        if (session is null)
        {
            Fail(draft, Failures.Failed(FailureClass.Protocol, "the agent opened a conversation without an id"));
            return;
        }

        draft.State = draft.State with { Session = session, Phase = AcpPhase.Setting };
        var modelOption = result.Items("configOptions").FirstOrDefault(o => o.Text("category") == "model" || o.Text("id") == "model");
        var model = result.Text("models", "currentModelId") ?? modelOption.Text("currentValue");
        SetModel(draft, session, result, modelOption, model);
        SetMode(draft, session, result);
        draft.Say(new AgentEvent.ConversationStarted(session, draft.State.WantedModel ?? model));
        ReadyWhenSet(draft);
    }

    private static void SetModel(Draft<AcpState> draft, string session, JsonElement result, JsonElement option, string? current)
    {
        if (draft.State.WantedModel is not { } wanted || wanted == current) return;
        if (option.Text("id") is { } optionId)
            Ask(draft, "model", wanted, "session/set_config_option", session, ("configId", optionId), ("value", wanted));
        else if (result.At("models").Exists())
            Ask(draft, "model", wanted, "session/set_model", session, ("modelId", wanted));
        else
            draft.Say(new AgentEvent.Trouble(FailureClass.Other, $"the agent offers no choice of model, so '{wanted}' could not be set"));
    }

    private static void SetMode(Draft<AcpState> draft, string session, JsonElement result)
    {
        string[] offered = [.. result.Items("modes", "availableModes").Select(m => m.Text("id")).OfType<string>()];
        var mode = draft.State.WantedMode ?? (draft.State.Sandboxed ? s_allowAll : s_acceptEdits).FirstOrDefault(offered.Contains);
        if (mode is null || mode == result.Text("modes", "currentModeId")) return;
        var option = result.Items("configOptions").FirstOrDefault(o => o.Text("category") == "mode" || o.Text("id") == "mode");
        if (offered.Length == 0 && option.Text("id") is { } optionId)
            Ask(draft, "mode", mode, "session/set_config_option", session, ("configId", optionId), ("value", mode));
        else
            Ask(draft, "mode", mode, "session/set_mode", session, ("modeId", mode));
    }

    private static void Ask(Draft<AcpState> draft, string what, string value, string method, string session, params (string, string)[] values)
    {
        var id = NextId(draft);
        draft.State = draft.State with { Settings = [.. draft.State.Settings, new(id, what, value)] };
        draft.Write(AcpFrames.Set(id, method, session, values));
    }

    private static void Set(Draft<AcpState> draft, Setting setting, JsonElement error)
    {
        draft.State = draft.State with { Settings = [.. draft.State.Settings.Where(s => s != setting)] };
        if (error.Exists())
        {
            // An agent that goes on with another model or another freedom than was configured would do so unseen.
            Fail(draft, Failures.Failed(FailureClass.Other, $"the agent refused the {setting.What} '{setting.Value}': {error.Text("message") ?? "no reason given"}"));
            return;
        }

        ReadyWhenSet(draft);
    }

    private static void ReadyWhenSet(Draft<AcpState> draft)
    {
        if (draft.State.Phase != AcpPhase.Setting || draft.State.Settings.Count > 0) return;
        draft.State = draft.State with { Phase = AcpPhase.Ready };
        draft.Say(new AgentEvent.HandshakeAnswered(draft.State.AgentName ?? "an ACP agent", draft.State.AgentVersion));
        AcpTalk.WriteHeld(draft);
    }

    private static void Fail(Draft<AcpState> draft, TurnEnding ending)
    {
        draft.State = draft.State with { Phase = AcpPhase.Failed };
        draft.Say(new AgentEvent.TurnEnded(ending, null));
        AcpTalk.Refuse(draft, $"the agent could not be started: {ending.Reason}");
    }
}
