using System.Text.Json;
using Drover.Agents.Command;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.OpenCode;

/// <summary>The events of <c>opencode serve</c>.</summary>
internal static class ServeEvents
{
    private const int Remembered = 300;

    public static void Read(Draft<ServeState> draft, JsonElement line)
    {
        var facts = line.At("properties");
        if (line.Text("type") == "session.created") Created(draft, facts.At("info"));
        if ((facts.Text("sessionID") ?? draft.State.Session) != draft.State.Session) return; // a sub-agent's
        switch (line.Text("type"))
        {
            case "session.status": Status(draft, facts.At("status")); break;
            case "session.error": Error(draft, facts.At("error")); break;
            case "session.idle" when draft.State.InTurn: ServeTurns.End(draft, ServeTurns.Judge(draft.State.Heard)); break;
            case "message.part.delta" when facts.Text("field") == "text": draft.Say(new AgentEvent.Delta(IsThought: false, Bounded.Text(facts.Text("delta") ?? ""))); break;
            case "message.part.updated": Part(draft, facts.At("part")); break;
            case "permission.asked" when facts.Text("id") is { } id && !draft.State.Questions.Contains(id):
                draft.State = draft.State with { Questions = [.. draft.State.Questions, id] };
                draft.Say(new AgentEvent.ApprovalAsked(id, facts.Text("permission") ?? "tool", Bounded.Json(facts)));
                break;
            case { } type when IsKnown(type): break;
            default: draft.Say(new AgentEvent.Raw(Bounded.Json(line))); break;
        }
    }

    /// <summary>What tells nothing about the work.</summary>
    private static bool IsKnown(string type) => type is "session.idle" or "session.created" or "session.updated" or "session.diff" or "message.updated" or "message.part.delta"
        or "message.removed" or "message.part.removed" or "permission.asked" or "permission.replied" or "file.edited"
        || type.Split('.')[0] is "server" or "plugin" or "catalog" or "reference" or "integration" or "lsp" or "file" or "vcs" or "project" or "installation" or "tui";

    private static void Created(Draft<ServeState> draft, JsonElement session)
    {
        if (draft.State.Session is not null || session.Text("id") is not { } id) return;
        draft.State = draft.State with { Session = id };
        draft.Say(new AgentEvent.ConversationStarted(id, null));
    }

    private static void Status(Draft<ServeState> draft, JsonElement status)
    {
        if (status.Text("type") is not ("busy" or "retry")) return;
        ServeTurns.Start(draft);
        if (status.Text("type") != "retry") return;
        var text = $"{status.Text("message") ?? "an error"}: the agent tries again, attempt {status.Whole("attempt")}";
        draft.Say(new AgentEvent.Limit(Failures.OfText(text) ?? FailureClass.Overloaded, Bounded.Text(text, 1000), Rejected: false, null));
    }

    /// <summary>An interrupt is told as an error too: one without a class.</summary>
    private static void Error(Draft<ServeState> draft, JsonElement error)
    {
        var isAbort = error.Text("name") == "MessageAbortedError";
        FailureClass? @class = isAbort ? null : OpenCodeFacts.Class(error);
        draft.State = draft.State with { Heard = draft.State.Heard with { Error = OpenCodeFacts.Reason(error), ErrorClass = @class } };
        if (@class is { } known) draft.Say(new AgentEvent.Trouble(known, Bounded.Text(OpenCodeFacts.Reason(error), 2000)));
    }

    private static void Part(Draft<ServeState> draft, JsonElement part)
    {
        var id = part.Text("id") is { } told ? Bounded.Id(told) : null;
        if (part.Text("type") == "tool") Tool(draft, part);
        else if (part.Text("type") == "text" && !part.At("time").Exists()) ServeTurns.Accept(draft, part.Text("text"));
        if (id is null || draft.State.Told.Contains(id) || !IsWhole(part)) return;
        draft.State = draft.State with { Told = [.. draft.State.Told.TakeLast(Remembered), id] };
        var heard = draft.State.Heard;
        switch (part.Text("type"))
        {
            case "text" when part.Text("text") is { Length: > 0 } text:
                draft.State = draft.State with { Heard = heard with { LastText = Bounded.Text(text, 16 * 1024) } };
                draft.Say(new AgentEvent.Said(Bounded.Text(text)));
                break;
            case "reasoning" when part.Text("text") is { Length: > 0 } thought: draft.Say(new AgentEvent.Thought(Bounded.Text(thought))); break;
            case "step-start": draft.State = draft.State with { Heard = heard with { StepOpen = true } }; break;
            case "step-finish":
                draft.State = draft.State with { Heard = heard with { StepOpen = false, Finish = part.Text("reason") } };
                var (used, usd) = (OpenCodeFacts.Tokens(part.At("tokens")), part.Money("cost"));
                if (used != new TokenCount() || usd is > 0) draft.Say(new AgentEvent.Usage(used.Input, used.Output, used.CacheRead, used.CacheWrite, usd));
                break;
        }
    }

    /// <summary>Texts grow until they have an end.</summary>
    private static bool IsWhole(JsonElement part) => part.Text("type") is "step-start" or "step-finish" || part.Whole("time", "end") is not null;

    private static void Tool(Draft<ServeState> draft, JsonElement part)
    {
        var state = part.At("state");
        var over = state.Text("status") is "completed" or "error";
        if (part.Text("callID") is not { } id || !over && state.Text("status") != "running") return;
        id = Bounded.Id(id);
        var heard = draft.State.Heard;
        if (!heard.Called.Contains(id))
        {
            heard = heard with { Called = [.. heard.Called.TakeLast(Remembered), id] };
            draft.Say(new AgentEvent.ToolCalled(id, part.Text("tool") ?? "tool", Bounded.Json(state.At("input"))));
        }

        if (over && !heard.Returned.Contains(id))
        {
            heard = heard with { Returned = [.. heard.Returned.TakeLast(Remembered), id], Denied = OpenCodeFacts.Denied(state) };
            draft.Say(new AgentEvent.ToolReturned(id, Bounded.Text(OpenCodeFacts.Output(state)), OpenCodeFacts.HasFailed(state)));
        }

        draft.State = draft.State with { Heard = heard };
    }
}
