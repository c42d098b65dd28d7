namespace Drover.Rehearsal.Agent.StreamJson;

/// <summary>The lines that tell of a model that does not answer: it is asked again, the allowance is used up, or what stands in the answer's place.</summary>
internal sealed class TroubleLines(LineWriter output, StreamJsonOptions options)
{
    public void WriteRetry(Refusal refusal, int attempt, int attempts, TimeSpan delay) => output.Write(json =>
    {
        json.WriteString("type", "system");
        json.WriteString("subtype", "api_retry");
        json.WriteNumber("attempt", attempt);
        json.WriteNumber("max_retries", attempts);
        json.WriteNumber("retry_delay_ms", delay.TotalMilliseconds);
        json.WriteNumber("error_status", refusal.Status!.Value);
        json.WriteString("error", refusal.RetryWord);
        json.WriteString("session_id", options.SessionId);
        json.WriteString("uuid", Guid.NewGuid());
    });

    public void WriteLimit(DateTimeOffset resetsAt) => output.Write(json =>
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
    });

    /// <summary>The message that no model has written.</summary>
    public void WriteSynthetic(Refusal refusal) => output.Write(json =>
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
        json.Content(block => block.TextBlock(refusal.Text));
        json.WriteNull("context_management");
        json.WriteEndObject();
        json.Foot(options);
        json.WriteString("error", refusal.ErrorWord);
        if (refusal.Status is not null) json.WriteString("request_id", "req_rehearsed");
    });
}
