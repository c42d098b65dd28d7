using Drover.Agents.Command;
using Drover.Agents.Wire;

namespace Drover.Agents.OpenCode;

/// <summary>The turns of a conversation with <c>opencode serve</c>: from the first sign that it works until it is idle.</summary>
internal static class ServeTurns
{
    public static void Start(Draft<ServeState> draft)
    {
        if (draft.State.InTurn) return;
        draft.State = draft.State with { InTurn = true, Heard = new() { Counted = draft.State.Heard.Counted } };
        draft.Say(new AgentEvent.TurnStarted());
    }

    /// <summary>A message is among the conversation's: the server has it and gives it to the model with the next request.</summary>
    public static void Accept(Draft<ServeState> draft, string? text)
    {
        if (draft.State.Unread.FirstOrDefault(m => m.Text == text) is not { } message) return;
        Start(draft);
        draft.State = draft.State with { Unread = [.. draft.State.Unread.Where(m => m != message)] };
        draft.Say(new AgentEvent.MessageAccepted(message.Message));
    }

    public static void End(Draft<ServeState> draft, TurnEnding ending)
    {
        foreach (var question in draft.State.Questions) draft.Say(new AgentEvent.ApprovalWithdrawn(question));
        draft.Say(new AgentEvent.TurnEnded(ending, draft.State.Heard.LastText));
        draft.State = draft.State with { InTurn = false, Questions = [] };
    }

    public static TurnEnding Judge(Heard heard)
    {
        if (heard is { Error: { } error, ErrorClass: { } @class }) return Failures.Failed(@class, error);
        if (heard.Error is not null) return Failures.Interrupted;
        return (heard.StepOpen ? null : OpenCodeFacts.OfFinish(heard.Finish, heard.Denied))
            ?? Failures.Failed(Core.FailureClass.Protocol, "the agent rests, though its last answer has no end");
    }
}
