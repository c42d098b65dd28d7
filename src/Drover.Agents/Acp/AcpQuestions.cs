using System.Text.Json;
using Drover.Agents.Wire;

namespace Drover.Agents.Acp;

/// <summary>The agent's requests to us. The one for permission is offered, and those for files and for commands where the agent's settings say so.</summary>
internal static class AcpQuestions
{
    public static void Requested(Draft<AcpState> draft, string rawId, string method, JsonElement parameters, JsonElement line)
    {
        if (draft.State.Delegates && method is AcpFiles.Read or AcpFiles.Write)
        {
            AcpFiles.Asked(draft, rawId, method, parameters);
            return;
        }

        if (draft.State.RunsCommands && AcpTerminals.Knows(method))
        {
            AcpTerminals.Requested(draft, rawId, method, parameters);
            return;
        }

        if (method != "session/request_permission")
        {
            AcpReading.Raw(draft, line);
            if (!draft.State.Closed) draft.Write(Rpc.NotOffered(rawId, method));
            return;
        }

        if (draft.State.Questions.Any(q => q.RawId == rawId)) return;
        var call = parameters.At("toolCall");
        AcpReading.Started(draft);
        AcpUpdates.CloseBlock(draft);
        var tool = call.Text("toolCallId") is { } id ? AcpTools.Asked(draft, id, call) : null;
        Decide(draft, new(rawId, Option(parameters, "allow_once", "allow_always"), Option(parameters, "reject_once", "reject_always")), tool, parameters);
    }

    /// <summary>Answers a question that is still open; one that was withdrawn needs no answer.</summary>
    public static void Answer(Draft<AcpState> draft, Input.Answer answer)
    {
        var question = draft.State.Questions.FirstOrDefault(q => q.RawId == answer.ApprovalId);
        if (question is null || draft.State.Closed) return;
        draft.State = draft.State with { Questions = [.. draft.State.Questions.Where(q => q != question)] };
        if (question.Command is { } command) AcpTerminals.Answered(draft, command, answer);
        else draft.Write(AcpFrames.Chosen(question.RawId, answer.Allow ? question.Allow : question.Deny));
    }

    /// <summary>The turn is over or being ended: open questions are answered "cancelled".</summary>
    public static void Withdraw(Draft<AcpState> draft)
    {
        foreach (var question in draft.State.Questions)
        {
            if (!draft.State.Closed) draft.Write(question.Command is null ? AcpFrames.Chosen(question.RawId, null) : AcpTerminals.TooLate(question.RawId));
            draft.Say(new AgentEvent.ApprovalWithdrawn(question.RawId));
        }

        draft.State = draft.State with { Questions = [] };
    }

    private static void Decide(Draft<AcpState> draft, Question question, Tool? tool, JsonElement parameters)
    {
        var state = draft.State;
        if (state.Closed) return;
        if (state.Cancelling || !state.Works)
        {
            draft.Write(AcpFrames.Chosen(question.RawId, null));
        }
        else if (question.Allow is not null && !state.Asks && (state.Sandboxed || AcpPolicy.Allows(parameters.At("toolCall"), state.WorkingDirectory)))
        {
            draft.Write(AcpFrames.Chosen(question.RawId, question.Allow));
        }
        else
        {
            draft.State = state with { Questions = [.. state.Questions, question] };
            draft.Say(new AgentEvent.ApprovalAsked(question.RawId, tool?.Kind ?? "tool", Bounded.Json(parameters)) { What = AcpAsked.Read(parameters.At("toolCall"), tool) });
        }
    }

    /// <summary>By kind, since the ids differ from agent to agent. "Once" is preferred: "always" may be written into the user's own settings.</summary>
    private static string? Option(JsonElement parameters, params ReadOnlySpan<string> kinds)
    {
        foreach (var kind in kinds)
        {
            foreach (var option in parameters.Items("options"))
            {
                if (option.Text("kind") == kind && option.Text("optionId") is { } id) return id;
            }
        }

        return null;
    }
}
