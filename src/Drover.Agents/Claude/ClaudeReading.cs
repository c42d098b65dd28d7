using System.Text.Json;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Claude;

/// <summary>Reads the agent's lines.</summary>
internal static class ClaudeReading
{
    public static void Read(Draft<ClaudeState> draft, JsonElement line)
    {
        switch (line.Text("type"))
        {
            case "stream_event": Partial(draft, line); break;
            case "assistant": ClaudeBlocks.Assistant(draft, line); break;
            case "user": User(draft, line); break;
            case "result": ClaudeEnding.Result(draft, line); break;
            case "system": ReadSystem(draft, line); break;
            case "rate_limit_event": RateLimit(draft, line); break;
            case "control_response": Answered(draft, line); break;
            case "control_request": ClaudeQuestions.Asked(draft, line); break;
            case "control_cancel_request": ClaudeQuestions.Withdrawn(draft, line); break;
            default: Raw(draft, line); break;
        }
    }

    public static void Raw(Draft<ClaudeState> draft, JsonElement line) => draft.Say(new AgentEvent.Raw(Bounded.Json(line)));

    /// <summary>The agent works. When it rested before, what it works on is the first message that it had not taken up, unless a background task woke it.</summary>
    public static void StartTurn(Draft<ClaudeState> draft)
    {
        if (draft.State.InTurn) return;
        Greet(draft);
        var (opener, woken) = (draft.State.Unread.FirstOrDefault(), draft.State.Woken);
        draft.State = draft.State with { InTurn = true, Woken = false, Turn = new() };
        draft.Say(new AgentEvent.TurnStarted());
        if (opener is not null && !woken) Accept(draft, opener);
    }

    private static void Accept(Draft<ClaudeState> draft, string message)
    {
        draft.State = draft.State with { Unread = [.. draft.State.Unread.Where(m => m != message)] };
        draft.Say(new AgentEvent.MessageAccepted(new(message)));
    }

    private static void Greet(Draft<ClaudeState> draft)
    {
        if (draft.State.Greeted) return;
        draft.State = draft.State with { Greeted = true };
        draft.Say(new AgentEvent.HandshakeAnswered("Claude Code", null));
    }

    private static void Answered(Draft<ClaudeState> draft, JsonElement line)
    {
        var id = line.Text("response", "request_id");
        if (id == ClaudeFrames.Greeting)
        {
            // An error answers too: the agent speaks the protocol, whether or not it knows this request.
            Greet(draft);
            ClaudeTalk.WriteHeld(draft);
        }
        else if (line.Text("response", "subtype") == "error")
        {
            draft.Say(new AgentEvent.Trouble(FailureClass.Protocol, Bounded.Text(line.Text("response", "error") ?? "a control request was refused", 1000)));
        }
    }

    private static void ReadSystem(Draft<ClaudeState> draft, JsonElement line)
    {
        switch (line.Text("subtype"))
        {
            case "init":
                Greet(draft);
                var (id, model) = (line.Text("session_id"), line.Text("model"));
                if (id is not null && (id != draft.State.Conversation || model != draft.State.Model))
                {
                    draft.State = draft.State with { Conversation = id, Model = model };
                    draft.Say(new AgentEvent.ConversationStarted(id, model));
                }

                StartTurn(draft);
                break;
            case "api_retry": Retry(draft, line); break;
            case "status" or "thinking_tokens": break;
            case "task_notification":
                draft.State = draft.State with { Woken = !draft.State.InTurn };
                Raw(draft, line);
                break;
            default: Raw(draft, line); break;
        }
    }

    private static void Retry(Draft<ClaudeState> draft, JsonElement line)
    {
        var status = line.Whole("error_status");
        var error = line.Text("error") ?? "unknown";
        var @class = ClaudeEnding.OfError(error) ?? Failures.OfStatus(status) ?? FailureClass.Connection;
        var text = $"{error}{(status is null ? "" : $" ({status})")}: the agent tries again, {line.Whole("attempt")} of {line.Whole("max_retries")}";
        draft.Say(@class is FailureClass.RateLimit or FailureClass.UsageLimit or FailureClass.Overloaded
            ? new AgentEvent.Limit(@class, text, Rejected: false, null)
            : new AgentEvent.Trouble(@class, text));
    }

    private static void RateLimit(Draft<ClaudeState> draft, JsonElement line)
    {
        var limit = line.At("rate_limit_info");
        var status = limit.Text("status");
        if (status is null or "allowed") return;
        var rejected = status == "rejected";
        var resetsAt = limit.Time("resetsAt");
        if (rejected) draft.State = draft.State with { Turn = draft.State.Turn with { LimitRejected = true, ResetsAt = resetsAt } };
        draft.Say(new AgentEvent.Limit(FailureClass.UsageLimit, $"{limit.Text("rateLimitType") ?? "usage"} limit: {status}", rejected, resetsAt));
    }

    private static void User(Draft<ClaudeState> draft, JsonElement line)
    {
        var uuid = line.Text("uuid");
        if (line.Flag("isReplay") && uuid is not null)
        {
            if (!draft.State.Unread.Contains(uuid)) return; // told already, at the start of its turn; or none of ours
            StartTurn(draft);
            if (draft.State.Unread.Contains(uuid)) Accept(draft, uuid);
            return;
        }

        ClaudeBlocks.ToolResults(draft, line);
    }

    private static void Partial(Draft<ClaudeState> draft, JsonElement line)
    {
        if (line.At("parent_tool_use_id").Exists()) return;
        StartTurn(draft);
        var part = line.At("event");
        var turn = draft.State.Turn;
        switch (part.Text("type"))
        {
            case "message_start":
                var usage = part.At("message", "usage");
                turn = turn with
                {
                    MessageOpen = true,
                    Input = turn.Input + (usage.Whole("input_tokens") ?? 0),
                    CacheRead = turn.CacheRead + (usage.Whole("cache_read_input_tokens") ?? 0),
                    CacheWrite = turn.CacheWrite + (usage.Whole("cache_creation_input_tokens") ?? 0),
                };
                break;
            case "message_delta":
                turn = turn with
                {
                    MessageOpen = turn.MessageOpen && part.Text("delta", "stop_reason") is null,
                    Output = turn.Output + (part.Whole("usage", "output_tokens") ?? 0),
                };
                break;
            case "message_stop": turn = turn with { MessageOpen = false }; break;
            case "content_block_start" or "content_block_delta" or "content_block_stop":
                turn = turn with { MessageOpen = true };
                if (part.Text("delta", "text") is { } text) draft.Say(new AgentEvent.Delta(IsThought: false, Bounded.Text(text)));
                if (part.Text("delta", "thinking") is { } thought) draft.Say(new AgentEvent.Delta(IsThought: true, Bounded.Text(thought)));
                break;
        }

        draft.State = draft.State with { Streams = true, Turn = turn };
    }
}
