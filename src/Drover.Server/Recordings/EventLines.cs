using System.Text.Json;
using Drover.Agents;
using Drover.Core;
using Drover.Server.Journaling;
using Drover.Server.Runs;
using Drover.Server.Verbs;

namespace Drover.Server.Recordings;

/// <summary>Events as JSON lines, with the words of the journal's.</summary>
internal static class EventLines
{
    public static string Of(int? line, AgentEvent e, bool isSteer)
    {
        var (type, data) = Slim.Of(e, null) ?? Other(e, isSteer);
        return JsonLine.Object(json =>
        {
            json.WriteString("type", type);
            if (line is { } number) json.WriteNumber("line", number);
            json.WritePropertyName("data");
            json.WriteRawValue(data);
        });
    }

    public static string Ended(TurnEnding? ending)
    {
        var how = ending ?? new TurnEnding(Outcome.Failed, FailureClass.Other, "no turn began");
        return JsonLine.Object(json =>
        {
            json.WriteString("type", "ended");
            json.WriteString("outcome", how.Outcome.Word());
            json.WriteString("class", how.Class.Word());
            json.WriteBoolean("retryable", how.Retryable);
            if (how.ResetsAt is { } at) json.WriteString("resetsAt", at.UtcDateTime);
            else json.WriteNull("resetsAt");
            json.WriteString("reason", how.Reason);
        });
    }

    /// <summary>Those that the journal tells by their own rows.</summary>
    private static (string Type, string Data) Other(AgentEvent e, bool isSteer) => e switch
    {
        AgentEvent.Delta d => ("delta", EventBody.Object(("thought", d.IsThought), ("text", d.Piece))),
        AgentEvent.MessageWritten m => (isSteer ? EventTypes.SteerWritten : EventTypes.PromptWritten, About(m.Message, isSteer)),
        AgentEvent.MessageAccepted m => (isSteer ? EventTypes.SteerAcknowledged : EventTypes.PromptAccepted, About(m.Message, isSteer)),
        AgentEvent.MessageRefused m => (isSteer ? EventTypes.SteerRefused : EventTypes.PromptRefused, About(m.Message, isSteer, m.Why)),
        AgentEvent.MessageUnanswered m => (EventTypes.SteerUnknown, About(m.Message, isSteer: true, m.Why)),
        AgentEvent.ApprovalAsked a => (EventTypes.ApprovalAsked, Slim.Asked(new(a.ApprovalId), a, null)),
        AgentEvent.ApprovalWithdrawn a => (EventTypes.ApprovalSettled, EventBody.Object(("approval", a.ApprovalId), ("state", ApprovalState.Expired.Word()))),
        _ => throw new ArgumentOutOfRangeException(nameof(e), e, "an event without a word"),
    };

    private static string About(MessageId message, bool isSteer, string? why = null) =>
        EventBody.Object((isSteer ? "steer" : "message", message.Value), ("why", why));
}
