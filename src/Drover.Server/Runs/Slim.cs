using Drover.Agents;
using Drover.Core;
using Drover.Server.Journal;

namespace Drover.Server.Runs;

/// <summary>What the journal keeps of an agent's events: a type and a small JSON object. Long texts are cut to <see cref="Inline"/> bytes and
/// point into the spool, where the whole line stands.</summary>
internal static class Slim
{
    /// <summary>The longest tool result or raw message kept inline, in characters.</summary>
    public const int Inline = 4096;

    /// <param name="Line">Where the line stands in the run's spool that the event was made of; null for events that no line made.</param>
    public readonly record struct Place(long Offset, int Length);

    /// <summary>Null for a delta: it travels to subscribers without a number and is not kept.</summary>
    public static (string Type, string Data)? Of(AgentEvent e, Place? line) => e switch
    {
        AgentEvent.HandshakeAnswered h => (EventTypes.AgentReady, EventJson.Object(("agent", h.AgentName), ("version", h.AgentVersion))),
        AgentEvent.ConversationStarted c => (EventTypes.ConversationStarted, EventJson.Object(("conversation", c.VendorId), ("model", c.Model))),
        AgentEvent.MessageAccepted m => (EventTypes.MessageAccepted, EventJson.Object(("message", m.Message.Value))),
        AgentEvent.MessageRefused m => (EventTypes.MessageRefused, EventJson.Object(("message", m.Message.Value), ("why", m.Why))),
        AgentEvent.TurnStarted => (EventTypes.TurnStarted, "{}"),
        AgentEvent.Delta => null,
        AgentEvent.Said s => (EventTypes.Text, EventJson.Object(("text", s.Text))),
        AgentEvent.Thought t => (EventTypes.Thought, EventJson.Object(("text", t.Text))),
        AgentEvent.ToolCalled t => (EventTypes.ToolCalled, Long(line, "input", t.Input, ("call", t.CallId), ("tool", t.Tool))),
        AgentEvent.ToolReturned t => (EventTypes.ToolReturned, Long(line, "output", t.Output, ("call", t.CallId), ("error", t.IsError))),
        AgentEvent.Usage u => (EventTypes.Usage, EventJson.Object(
            ("input", u.Input), ("output", u.Output), ("cacheRead", u.CacheRead), ("cacheWrite", u.CacheWrite), ("usd", u.Usd))),
        AgentEvent.Limit l => (EventTypes.Limit, EventJson.Object(
            ("class", l.Class.Word()), ("text", l.Text), ("rejected", l.Rejected), ("resetsAt", l.ResetsAt))),
        AgentEvent.ApprovalAsked a => (EventTypes.ApprovalAsked, Long(line, "detail", a.Detail, ("approval", a.ApprovalId), ("tool", a.Tool))),
        AgentEvent.TurnEnded t => (EventTypes.TurnEnded, EventJson.Object(
            ("outcome", t.Ending.Outcome.Word()), ("class", t.Ending.Class.Word()), ("reason", t.Ending.Reason), ("summary", t.Summary),
            ("retryable", t.Ending.Retryable ? true : null), ("resetsAt", t.Ending.ResetsAt))),
        AgentEvent.Trouble t => (EventTypes.Trouble, EventJson.Object(("class", t.Class.Word()), ("text", t.Text))),
        AgentEvent.Malformed m => (EventTypes.Malformed, EventJson.Object(("text", m.Text), ("why", m.Why))),
        AgentEvent.Raw r => (EventTypes.Raw, Long(line, "message", r.Json)),
        _ => throw new ArgumentOutOfRangeException(nameof(e), e, "an event that has no row"),
    };

    private static string Long(Place? line, string name, string text, params ReadOnlySpan<(string, object?)> others)
    {
        var cut = text.Length > Inline && line is not null;
        return EventJson.Object([
            .. others, (name, cut ? text[..Inline] : text),
            ("cut", cut ? true : null), ("offset", cut ? line!.Value.Offset : null), ("length", cut ? line!.Value.Length : null)]);
    }
}
