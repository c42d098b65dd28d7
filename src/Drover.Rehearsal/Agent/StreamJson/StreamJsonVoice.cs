using System.Globalization;
using System.Text.Json;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Agent.StreamJson;

/// <summary>Tells what the agent does in the lines that Claude Code 2.1 writes with <c>--output-format stream-json</c>.</summary>
internal sealed class StreamJsonVoice(LineWriter output, StreamJsonOptions options, TimeProvider time) : IVoice
{
    private readonly PartialMessages partial = new(output, options);
    private readonly ResultLine result = new(output, options);
    private readonly List<(string CallId, Tool Tool)> denials = [];
    private string messageId = "";
    private Tokens tokens = Tokens.None;
    private bool isThought;
    private UserMessage? opening;

    public void BeginTurn(UserMessage prompt)
    {
        denials.Clear();
        result.BeginTurn();
        output.Write(json => Opening.WriteInit(json, options));
        opening = options.ReplaysUserMessages ? prompt : null;
    }

    public void BeginReply(Tokens spent)
    {
        messageId = $"msg_{Guid.NewGuid():N}"[..28];
        tokens = spent;
        result.BeginReply();
        partial.Request();
        // The prompt is given back when it goes to the model.
        if (opening is { } prompt) TakeUp(prompt);
        opening = null;
        partial.BeginMessage(messageId, spent);
    }

    public void BeginText(bool thought)
    {
        isThought = thought;
        partial.BeginBlock(thought ? "thinking" : "text");
    }

    public void Piece(string text) => partial.Delta(isThought ? "thinking" : "text", text);

    public void EndText(string text)
    {
        CutText(text);
        partial.EndBlock();
    }

    public void CutText(string text)
    {
        if (text.Length == 0) return;
        if (isThought) partial.Signature();
        Assistant(json =>
        {
            json.WriteString("type", isThought ? "thinking" : "text");
            json.WriteString(isThought ? "thinking" : "text", text);
            if (isThought) json.WriteString("signature", "rehearsed");
        });
    }

    public void CallTool(string callId, Tool tool)
    {
        var input = ToolLines.Input(tool, options);
        partial.BeginTool(callId, ToolLines.Name(tool));
        partial.Delta("partial_json", input);
        Assistant(json => ToolLines.WriteCall(json, callId, tool, options));
        partial.EndBlock();
    }

    public string AskPermission(string callId, Tool tool)
    {
        var requestId = Guid.NewGuid().ToString();
        output.Write(json => ToolLines.WriteQuestion(json, requestId, callId, tool, options));
        return requestId;
    }

    public void ReturnTool(string callId, Tool tool, ToolOutcome outcome)
    {
        if (outcome is ToolOutcome.Denied) denials.Add((callId, tool));
        result.ToolReturned();
        output.Write(json =>
        {
            json.WriteString("type", "user");
            json.WriteStartObject("message");
            json.WriteString("role", "user");
            json.WriteStartArray("content");
            json.WriteStartObject();
            json.WriteString("tool_use_id", callId);
            json.WriteString("type", "tool_result");
            ToolLines.WriteOutcome(json, tool, outcome, options);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            Foot(json);
            Stamp(json);
            ToolLines.WriteDetail(json, tool, outcome, options);
        });
    }

    public void EndReply(Tokens spent, bool calledTool)
    {
        result.Spend(spent);
        partial.EndMessage(spent, calledTool);
    }

    public void TakeUpSteer(UserMessage message)
    {
        if (options.ReplaysUserMessages) TakeUp(message);
    }

    public void Retry(ModelError error, int attempt, int attempts, TimeSpan delay) => output.Write(json =>
    {
        json.WriteString("type", "system");
        json.WriteString("subtype", "api_retry");
        json.WriteNumber("attempt", attempt);
        json.WriteNumber("max_retries", attempts);
        json.WriteNumber("retry_delay_ms", delay.TotalMilliseconds);
        json.WriteNumber("error_status", Refusal.Of(error).Status!.Value);
        json.WriteString("error", Refusal.Of(error).RetryWord);
        json.WriteString("session_id", options.SessionId);
        json.WriteString("uuid", Guid.NewGuid());
    });

    public void StreamEvent(long number, DateTimeOffset at) => output.Write(json =>
    {
        // About 330 bytes, the size of a typical event.
        json.WriteString("type", "assistant");
        json.WriteStartObject("message");
        json.WriteString("id", messageId);
        json.WriteString("type", "message");
        json.WriteString("role", "assistant");
        json.WriteString("model", options.Model);
        json.WriteStartArray("content");
        json.WriteStartObject();
        json.WriteString("type", "text");
        json.WriteString("text", string.Create(CultureInfo.InvariantCulture, $"event {number} at {at.ToUnixTimeMilliseconds()}"));
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        Foot(json);
        json.WriteNumber("seq", number);
    });

    public void Verbatim(string line) => output.WriteText(line);

    public void EndTurn(TurnEnd end)
    {
        switch (end)
        {
            case TurnEnd.Completed or TurnEnd.Dropped { Silently: true }:
                break;
            case TurnEnd.Dropped:
                WriteSynthetic(Refusal.Broken);
                break;
            case TurnEnd.Interrupted interrupted:
                output.Write(json => WriteInterruption(json, interrupted.InTool));
                break;
            case TurnEnd.Refused refused:
                WriteSynthetic(Refusal.Of(refused.Error));
                break;
            case TurnEnd.OutOfUsage limit:
                output.Write(json => WriteLimit(json, limit.ResetsAt));
                WriteSynthetic(Refusal.UsageLimit(limit.ResetsAt));
                break;
        }

        result.Write(end, tokens, denials);
    }

    public bool LastTurnFailed => result.LastFailed;

    private void Assistant(Action<Utf8JsonWriter> block) => output.Write(json =>
    {
        json.WriteString("type", "assistant");
        json.WriteStartObject("message");
        json.WriteString("id", messageId);
        json.WriteString("type", "message");
        json.WriteString("role", "assistant");
        json.WriteString("model", options.Model);
        json.WriteStartArray("content");
        json.WriteStartObject();
        block(json);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteNull("stop_reason");
        json.WriteNull("stop_sequence");
        UsageLines.WriteProvisional(json, tokens);
        json.WriteNull("context_management");
        json.WriteEndObject();
        Foot(json);
        json.WriteString("request_id", "req_rehearsed");
    });

    private void WriteSynthetic(Refusal refusal) => output.Write(json =>
    {
        json.WriteString("type", "assistant");
        json.WriteStartObject("message");
        json.WriteString("id", Guid.NewGuid());
        json.WriteNull("container");
        json.WriteString("model", "<synthetic>");
        json.WriteString("role", "assistant");
        json.WriteNull("stop_details");
        json.WriteString("stop_reason", "stop_sequence");
        json.WriteString("stop_sequence", "");
        json.WriteString("type", "message");
        UsageLines.WriteNothing(json);
        json.WriteStartArray("content");
        json.WriteStartObject();
        json.WriteString("type", "text");
        json.WriteString("text", refusal.Text);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteNull("context_management");
        json.WriteEndObject();
        Foot(json);
        json.WriteString("error", refusal.ErrorWord);
        if (refusal.Status is not null) json.WriteString("request_id", "req_rehearsed");
    });

    private void WriteLimit(Utf8JsonWriter json, DateTimeOffset resetsAt)
    {
        json.WriteString("type", "rate_limit_event");
        json.WriteStartObject("rate_limit_info");
        json.WriteString("status", "rejected");
        json.WriteNumber("resetsAt", resetsAt.ToUnixTimeSeconds());
        json.WriteString("rateLimitType", "five_hour");
        json.WriteString("overageStatus", "rejected");
        json.WriteBoolean("isUsingOverage", false);
        json.WriteEndObject();
        json.WriteString("uuid", Guid.NewGuid());
        json.WriteString("session_id", options.SessionId);
    }

    private void WriteInterruption(Utf8JsonWriter json, bool inTool)
    {
        json.WriteString("type", "user");
        json.WriteStartObject("message");
        json.WriteString("role", "user");
        json.WriteStartArray("content");
        json.WriteStartObject();
        json.WriteString("type", "text");
        json.WriteString("text", inTool ? "[Request interrupted by user for tool use]" : "[Request interrupted by user]");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        Foot(json);
        Stamp(json);
    }

    private void TakeUp(UserMessage message) => output.Write(json =>
    {
        json.WriteString("type", "user");
        json.WriteStartObject("message");
        json.WriteString("role", "user");
        json.WriteString("content", message.Text);
        json.WriteEndObject();
        json.WriteString("session_id", options.SessionId);
        json.WriteNull("parent_tool_use_id");
        json.WriteString("uuid", message.Uuid ?? Guid.NewGuid().ToString());
        Stamp(json);
        json.WriteBoolean("isReplay", true);
    });

    private void Foot(Utf8JsonWriter json)
    {
        json.WriteNull("parent_tool_use_id");
        json.WriteString("session_id", options.SessionId);
        json.WriteString("uuid", Guid.NewGuid());
    }

    private void Stamp(Utf8JsonWriter json) => json.WriteString("timestamp", time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
}
