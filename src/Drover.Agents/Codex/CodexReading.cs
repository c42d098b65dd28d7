using System.Text.Json;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Codex;

/// <summary>Reads the server's lines: requests to us, notifications, and responses to our requests.</summary>
internal static class CodexReading
{
    public static void Read(Draft<CodexState> draft, JsonElement line)
    {
        var (method, id) = (line.Text("method"), line.At("id"));
        if (method is not null && Rpc.RawId(id) is { } rawId) CodexQuestions.Requested(draft, rawId, method, line);
        else if (method is not null) Notified(draft, method, line.At("params"), line);
        else if (id.Whole() is > 0 and <= int.MaxValue and var number && (line.At("result").Exists() || line.At("error").Exists())) Answered(draft, (int)number, line);
        else Raw(draft, line);
    }

    public static void Raw(Draft<CodexState> draft, JsonElement line) => draft.Say(new AgentEvent.Raw(Bounded.Json(line)));

    private static void Answered(Draft<CodexState> draft, int id, JsonElement line)
    {
        var state = draft.State;
        switch (state.Phase)
        {
            case CodexPhase.Greeting when id == state.LastId: CodexOpening.Greeted(draft, line); break;
            case CodexPhase.Opening when id == state.LastId: CodexOpening.Opened(draft, line); break;
            case CodexPhase.Ready when state.Sent.FirstOrDefault(s => s.Request == id) is { } sent: CodexTurns.Answered(draft, sent, line); break;
            case CodexPhase.Ready when state.Turn is { Interrupt: { } interrupt } turn && interrupt == id:
                if (line.At("error").Exists()) draft.State = state with { Turn = turn with { Ending = false, Interrupt = null } };
                break;
            case CodexPhase.Ready when id <= state.LastId: break; // a late answer: its message has shown otherwise what became of it
            case CodexPhase.Greeting or CodexPhase.Opening or CodexPhase.Ready or CodexPhase.Failed: Raw(draft, line); break;
        }
    }

    private static void Notified(Draft<CodexState> draft, string method, JsonElement parameters, JsonElement line)
    {
        var isOurs = parameters.Text("threadId") is not { } thread || thread == draft.State.Thread;
        switch (method)
        {
            case "turn/started" when isOurs: CodexTurns.Started(draft, parameters.Text("turn", "id")); break;
            case "turn/completed" when isOurs: CodexTurns.Completed(draft, parameters.At("turn"), line); break;
            case "item/started": CodexItems.Started(draft, parameters, isOurs, line); break;
            case "item/completed": CodexItems.Completed(draft, parameters, isOurs, line); break;
            case "item/agentMessage/delta" or "item/plan/delta" when isOurs: Delta(draft, parameters, isThought: false); break;
            case "item/reasoning/summaryTextDelta" or "item/reasoning/textDelta" when isOurs: Delta(draft, parameters, isThought: true); break;
            case "thread/tokenUsage/updated": CodexMeter.Tokens(draft, parameters, isOurs); break;
            case "account/rateLimits/updated": CodexMeter.Limits(draft, parameters.At("rateLimits")); break;
            case "error" when isOurs: CodexEnding.Error(draft, parameters); break;
            case "thread/status/changed" when isOurs && parameters.Text("status", "type") == "systemError" && draft.State.Turn is { } turn:
                draft.State = draft.State with { Turn = turn with { SystemError = true } };
                break;
            case "serverRequest/resolved": CodexQuestions.Resolved(draft, parameters); break;
            case "warning" or "guardianWarning" or "configWarning" or "deprecationNotice": Warned(draft, parameters); break;
            case "mcpServer/startupStatus/updated" when parameters.Text("status") == "failed":
                draft.Say(new AgentEvent.Trouble(FailureClass.Other, Bounded.Text($"the tool server {parameters.Text("name")} did not start: {parameters.Text("error")}", 1000)));
                break;
            case "turn/started" or "turn/completed" or "error" or "thread/status/changed" or "thread/started" or "thread/settings/updated" or "thread/readState/changed" or "thread/goal/cleared"
                or "thread/name/updated" or "turn/diff/updated" or "item/agentMessage/delta" or "item/plan/delta" or "item/reasoning/summaryTextDelta" or "item/reasoning/textDelta"
                or "item/reasoning/summaryPartAdded" or "item/commandExecution/outputDelta" or "item/fileChange/outputDelta" or "item/fileChange/patchUpdated"
                or "item/mcpToolCall/progress" or "mcpServer/startupStatus/updated" or "remoteControl/status/changed" or "skills/changed":
                break;
            default: Raw(draft, line); break;
        }
    }

    private static void Delta(Draft<CodexState> draft, JsonElement parameters, bool isThought)
    {
        if (parameters.Text("delta") is { Length: > 0 } piece) draft.Say(new AgentEvent.Delta(isThought, Bounded.Text(piece)));
    }

    private static void Warned(Draft<CodexState> draft, JsonElement parameters)
    {
        var text = parameters.Text("message") ?? parameters.Text("summary") ?? "the agent warns without a word";
        var details = parameters.Text("details");
        draft.Say(new AgentEvent.Trouble(FailureClass.Other, Bounded.Text(details is null ? text : $"{text}: {details}", 1000)));
    }
}
