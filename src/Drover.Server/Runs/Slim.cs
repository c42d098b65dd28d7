using Drover.Agents;
using Drover.Core;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>What the journal keeps of an agent's events: a type and a small JSON object. Long texts are cut to <see cref="Inline"/> characters and
/// point into the spool, where the whole line stands.</summary>
internal static class Slim
{
    /// <summary>The longest tool call, tool result or raw message kept inline, in characters.</summary>
    public const int Inline = 4096;

    /// <summary>Where a line stands in the run's spool, in bytes.</summary>
    public readonly record struct Place(long Offset, int Length);

    /// <summary>Null for what is not kept as such: a delta travels to subscribers without a number, what happens to a message is told by its own row, and a file
    /// that is read or written for an agent by the agent's own tool call.</summary>
    public static (string Type, string Data)? Of(AgentEvent e, Place? line) => e switch
    {
        AgentEvent.HandshakeAnswered h => (EventTypes.AgentReady, EventBody.Object(("agent", h.AgentName), ("version", h.AgentVersion))),
        AgentEvent.ConversationStarted c => (EventTypes.ConversationStarted, EventBody.Object(("conversation", c.VendorId), ("model", c.Model))),
        AgentEvent.TurnStarted => (EventTypes.TurnStarted, "{}"),
        AgentEvent.Said s => (EventTypes.Text, EventBody.Object(("text", s.Text))),
        AgentEvent.Thought t => (EventTypes.Thought, EventBody.Object(("text", t.Text))),
        AgentEvent.ToolCalled t => (EventTypes.ToolCalled, Long(line, "input", t.Input, ("call", t.CallId), ("tool", t.Tool))),
        AgentEvent.ToolReturned t => (EventTypes.ToolReturned, Long(line, "output", t.Output, ("call", t.CallId), ("error", t.IsError))),
        AgentEvent.Usage u => (EventTypes.Usage, EventBody.Object(
            ("input", u.Input), ("output", u.Output), ("cacheRead", u.CacheRead), ("cacheWrite", u.CacheWrite), ("usd", u.Usd))),
        AgentEvent.Limit l => (EventTypes.Limit, EventBody.Object(
            ("class", l.Class.Word()), ("text", l.Text), ("rejected", l.Rejected), ("resetsAt", l.ResetsAt))),
        AgentEvent.TurnEnded t => (EventTypes.TurnEnded, EventBody.Object(
            ("outcome", t.Ending.Outcome.Word()), ("class", t.Ending.Class.Word()), ("reason", t.Ending.Reason), ("summary", t.Summary),
            ("retryable", t.Ending.Retryable ? true : null), ("resetsAt", t.Ending.ResetsAt))),
        AgentEvent.Trouble t => (EventTypes.Trouble, EventBody.Object(("class", t.Class.Word()), ("text", t.Text))),
        AgentEvent.Malformed m => (EventTypes.Malformed, EventBody.Object(("text", m.Text), ("why", m.Why))),
        AgentEvent.Raw r => (EventTypes.Raw, Long(line, "message", r.Json)),
        AgentEvent.Delta or AgentEvent.MessageWritten or AgentEvent.MessageAccepted or AgentEvent.MessageRefused or AgentEvent.MessageUnanswered
            or AgentEvent.ApprovalAsked or AgentEvent.ApprovalWithdrawn or AgentEvent.FileReadAsked or AgentEvent.FileWriteAsked => null,
        _ => throw new ArgumentOutOfRangeException(nameof(e), e, "an event that has no row"),
    };

    public static string Asked(MessageId approval, AgentEvent.ApprovalAsked asked, Place? line) =>
        Long(line, "detail", asked.Detail, ("approval", approval.Value), ("tool", asked.Tool), ("kind", asked.What.Kind.Word()),
            ("command", Inlined(asked.What.Command)), ("files", asked.What.Files is { Count: > 0 } files ? files.Take(20) : null));

    private static string Long(Place? line, string name, string text, params ReadOnlySpan<(string, object?)> others)
    {
        if (text.Length <= Inline || line is not { } place) return EventBody.Object([.. others, (name, text)]);
        return EventBody.Object([.. others, (name, Inlined(text)), ("cut", true), ("offset", place.Offset), ("length", place.Length)]);
    }

    private static string? Inlined(string? text) => text is not { Length: > Inline } ? text : text[..(char.IsHighSurrogate(text[Inline - 1]) ? Inline - 1 : Inline)];
}
