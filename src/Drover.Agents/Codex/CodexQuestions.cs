using System.Text.Json;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Codex;

/// <summary>The server's requests to us: whether something may be done, choices, and others that are not offered. Every one is answered.</summary>
internal static class CodexQuestions
{
    private const string NobodyAnswers = "Nobody can answer now. Decide yourself and say in your summary what you assumed.";

    public static void Requested(Draft<CodexState> draft, string rawId, string method, JsonElement line)
    {
        var (state, parameters) = (draft.State, line.At("params"));
        if (Read(rawId, method, parameters) is not { } question)
        {
            CodexReading.Raw(draft, line);
            if (!state.Closed) draft.Write(Rpc.NotOffered(rawId, method));
            return;
        }

        if (state.Closed || state.Questions.Any(q => q.RawId == rawId)) return;
        var isOwed = state.Turn is { Ending: false };
        if (!isOwed || state.AnswersItself)
        {
            draft.Write(CodexFrames.Answer(question, isOwed && IsHarmless(question, parameters), NobodyAnswers));
            return;
        }

        draft.State = state with { Questions = [.. state.Questions, question] };
        var (tool, what) = CodexAsked.Of(state, method, parameters);
        draft.Say(new AgentEvent.ApprovalAsked(rawId, tool, Bounded.Json(parameters)) { What = what });
    }

    /// <summary>Answers a question that is still open; one that was withdrawn needs no answer.</summary>
    public static void Answer(Draft<CodexState> draft, Input.Answer answer)
    {
        var question = draft.State.Questions.FirstOrDefault(q => q.RawId == answer.ApprovalId);
        if (question is null || draft.State.Closed) return;
        draft.State = draft.State with { Questions = [.. draft.State.Questions.Where(q => q != question)] };
        draft.Write(CodexFrames.Answer(question, answer.Allow, answer.Why ?? (answer.Allow ? null : NobodyAnswers)));
    }

    /// <summary>The server needs no answer any more.</summary>
    public static void Resolved(Draft<CodexState> draft, JsonElement parameters)
    {
        var rawId = Rpc.RawId(parameters.At("requestId"));
        if (draft.State.Questions.FirstOrDefault(q => q.RawId == rawId) is not { } question) return;
        draft.State = draft.State with { Questions = [.. draft.State.Questions.Where(q => q != question)] };
        draft.Say(new AgentEvent.ApprovalWithdrawn(question.RawId));
    }

    /// <summary>The turn is over or being ended: open questions are declined.</summary>
    public static void Withdraw(Draft<CodexState> draft)
    {
        foreach (var question in draft.State.Questions)
        {
            if (!draft.State.Closed) draft.Write(CodexFrames.Answer(question, allow: false, "The turn has ended."));
            draft.Say(new AgentEvent.ApprovalWithdrawn(question.RawId));
        }

        draft.State = draft.State with { Questions = [] };
    }

    /// <summary>Null for a request that is not offered.</summary>
    private static Question? Read(string rawId, string method, JsonElement parameters) => method switch
    {
        "item/commandExecution/requestApproval" or "item/fileChange/requestApproval" => new(rawId, Asked.Decision),
        "item/permissions/requestApproval" => new(rawId, Asked.Permissions)
        {
            Permissions = parameters.At("permissions") is { ValueKind: JsonValueKind.Object } asked && asked.GetRawText() is { Length: < Adapter.LongestText } json ? json : null,
        },
        "item/tool/requestUserInput" => new(rawId, Asked.Choice) { Choices = [.. parameters.Items("questions").Select(q => q.Text("id")).OfType<string>().Distinct().Take(50)] },
        "mcpServer/elicitation/request" => new(rawId, Asked.Elicitation),
        _ => null,
    };

    /// <summary>What the sandbox lets pass. A form of a tool server wants what only a human knows, unless it is the server's own way to ask about a tool call.</summary>
    private static bool IsHarmless(Question question, JsonElement parameters) => question.Kind switch
    {
        Asked.Decision or Asked.Permissions or Asked.Choice => true,
        Asked.Elicitation => CodexAsked.IsToolCall(parameters),
    };
}
