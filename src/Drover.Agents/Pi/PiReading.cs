using System.Text.Json;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Pi;

/// <summary>Reads the agent's lines. Those of <c>--mode json</c> are the same without the answers to commands.</summary>
internal static class PiReading
{
    public static void Read(Draft<PiState> draft, JsonElement line)
    {
        switch (line.Text("type"))
        {
            case "response": PiAnswers.Read(draft, line); break;
            case "session":
                Greet(draft);
                Know(draft, line.Text("id"), file: null, model: null);
                break;
            case "agent_start": Start(draft); break;
            case "agent_end": End(draft, line); break;
            case "agent_settled":
                if (!draft.State.Running) PiProbe.Ask(draft);
                break;
            case "message_start" or "message_end" or "message_update" or "tool_execution_start" or "tool_execution_end": PiMessages.Read(draft, line); break;
            case "auto_retry_start": Retry(draft, line); break;
            case "auto_retry_end": RetryOver(draft, line); break;
            case "compaction_start" or "auto_compaction_start":
                draft.State = draft.State with { Compacting = true };
                Raw(draft, line);
                break;
            case "compaction_end" or "auto_compaction_end": Compacted(draft, line); break;
            case "extension_ui_request": Asked(draft, line); break;
            case "extension_error":
                draft.Say(new AgentEvent.Trouble(FailureClass.Other, Bounded.Text($"an extension failed: {line.Text("error")}", 1000)));
                break;
            case "turn_start" or "turn_end" or "queue_update" or "tool_execution_update": break;
            default: Raw(draft, line); break;
        }
    }

    public static void Raw(Draft<PiState> draft, JsonElement line) => draft.Say(new AgentEvent.Raw(Bounded.Json(line)));

    public static void Greet(Draft<PiState> draft)
    {
        if (draft.State.Greeted) return;
        draft.State = draft.State with { Greeted = true };
        draft.Say(new AgentEvent.HandshakeAnswered("pi", null));
    }

    public static void Know(Draft<PiState> draft, string? conversation, string? file, string? model)
    {
        var state = draft.State;
        draft.State = state with { Conversation = conversation ?? state.Conversation, SessionFile = file ?? state.SessionFile, Model = model is "unknown" ? state.Model : model ?? state.Model };
        if (draft.State.Conversation is { } id && (id != state.Conversation || draft.State.Model != state.Model))
            draft.Say(new AgentEvent.ConversationStarted(id, draft.State.Model));
    }

    /// <summary>A run begins: a turn, or its going on.</summary>
    public static void Start(Draft<PiState> draft)
    {
        Greet(draft);
        var state = draft.State;
        if (state.Running) return;
        // Nothing was announced that would go on with the turn: this is the next one.
        if (state is { InTurn: true, Turn.Over: true, Retrying: false }) PiEnding.EndTurn(draft);
        if (!draft.State.InTurn) draft.Say(new AgentEvent.TurnStarted());
        var turn = draft.State.Turn;
        draft.State = draft.State with
        {
            InTurn = true,
            Running = true,
            Retrying = false,
            Turn = turn with { Over = false, MessageOpen = false, Stop = null, Error = null, CalledOff = false },
        };
        if (state.Aborting && draft.State.Aborting) PiTalk.Abort(draft); // it was asked for before this could be aborted
        PiTalk.WriteHeld(draft);
    }

    private static void End(Draft<PiState> draft, JsonElement line)
    {
        if (!draft.State.InTurn) return;
        draft.State = draft.State with { Running = false, Retrying = line.Flag("willRetry"), OpenTools = [], Turn = PiEnding.Over(draft.State.Turn, line) };
        PiProbe.Ask(draft);
    }

    private static void Retry(Draft<PiState> draft, JsonElement line)
    {
        var error = line.Text("errorMessage");
        var (text, @class) = ($"{error ?? "an error"}: the agent tries again, {line.Whole("attempt")} of {line.Whole("maxAttempts")}", PiEnding.OfError(error));
        draft.Say(@class is FailureClass.RateLimit or FailureClass.UsageLimit or FailureClass.Overloaded
            ? new AgentEvent.Limit(@class, Bounded.Text(text, 1000), Rejected: false, null)
            : new AgentEvent.Trouble(@class, Bounded.Text(text, 1000)));
        if (draft.State is { InTurn: true, Running: false }) draft.State = draft.State with { Retrying = true };
    }

    /// <summary>A retry that succeeded says so in the middle of its run.</summary>
    private static void RetryOver(Draft<PiState> draft, JsonElement line)
    {
        if (draft.State.Running || line.Flag("success")) return;
        var calledOff = draft.State.Retrying && draft.State.Aborting;
        draft.State = draft.State with { Retrying = false, Turn = draft.State.Turn with { CalledOff = calledOff } };
        PiProbe.Ask(draft);
    }

    private static void Compacted(Draft<PiState> draft, JsonElement line)
    {
        if (line.Text("errorMessage") is { } error) draft.Say(new AgentEvent.Trouble(FailureClass.Context, Bounded.Text(error, 1000)));
        else Raw(draft, line);
        draft.State = draft.State with { Compacting = false, Retrying = draft.State.Retrying || draft.State.InTurn && !draft.State.Running && line.Flag("willRetry") };
        if (!draft.State.Running) PiProbe.Ask(draft);
        PiTalk.WriteHeld(draft);
    }

    /// <summary>Extensions of the user's may want to show something, or ask somebody who is not there.</summary>
    private static void Asked(Draft<PiState> draft, JsonElement line)
    {
        Raw(draft, line);
        if (line.Text("method") is "select" or "confirm" or "input" or "editor" && line.Text("id") is { } id && !draft.State.Closed) draft.Write(PiFrames.NobodyThere(id));
    }
}
