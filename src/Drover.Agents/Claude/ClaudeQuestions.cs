using System.Text.Json;
using Drover.Agents.Wire;

namespace Drover.Agents.Claude;

/// <summary>Requests of the agent to us: whether it may use a tool, and others that are not offered.</summary>
internal static class ClaudeQuestions
{
    public static void Asked(Draft<ClaudeState> draft, JsonElement line)
    {
        if (line.Text("request_id") is not { } id)
        {
            ClaudeReading.Raw(draft, line);
            return;
        }

        var request = line.At("request");
        var (state, subtype) = (draft.State, request.Text("subtype"));
        if (subtype != "can_use_tool")
        {
            ClaudeReading.Raw(draft, line);
            if (!state.Closed) draft.Write(ClaudeFrames.NotOffered(id, subtype ?? "a request without subtype"));
            return;
        }

        var (tool, input) = (request.Text("tool_name") ?? "unknown", request.At("input"));
        var question = new Question(id, input.ValueKind == JsonValueKind.Object ? input.GetRawText() : "{}");
        if (!state.Sandboxed)
        {
            if (state.Questions.Any(q => q.Id == id)) return;
            draft.State = state with { Questions = [.. state.Questions, question] };
            draft.Say(new AgentEvent.ApprovalAsked(id, tool, Bounded.Json(request)) { What = ClaudeAsked.Read(tool, request) });
        }
        else if (!state.Closed)
        {
            // It asks for a choice in every permission mode, and an allowance without an answer reads as "the user did not answer".
            draft.Write(tool == ClaudeAsked.Choice
                ? ClaudeFrames.Deny(id, "Nobody can answer now. Decide yourself and say in your summary what you assumed.")
                : ClaudeFrames.Allow(question));
        }
    }

    public static void Withdrawn(Draft<ClaudeState> draft, JsonElement line)
    {
        var id = line.Text("request_id");
        if (id is null || draft.State.Questions.All(q => q.Id != id)) return;
        draft.State = draft.State with { Questions = [.. draft.State.Questions.Where(q => q.Id != id)] };
        draft.Say(new AgentEvent.ApprovalWithdrawn(id));
    }
}
