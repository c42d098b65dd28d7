using System.Diagnostics;
using System.Text.Json;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Agent.StreamJson;

/// <summary>The line that ends a turn. Its <c>usage</c> is of the turn, its cost and <c>modelUsage</c> are of the process so far.</summary>
internal sealed class ResultLine(LineWriter output, StreamJsonOptions options)
{
    private readonly Stopwatch duration = new();
    private Tokens ofTurn = Tokens.None;
    private Tokens ofProcess = Tokens.None;
    private int turns;
    private bool toolReturned;

    public bool LastFailed { get; private set; }

    public void BeginTurn()
    {
        duration.Restart();
        ofTurn = Tokens.None;
        turns = 0;
    }

    public void BeginReply() => turns++;

    public void ToolReturned() => toolReturned = true;

    public void Spend(Tokens tokens)
    {
        toolReturned = false;
        ofTurn = ofTurn.Plus(tokens);
        ofProcess = ofProcess.Plus(tokens);
    }

    /// <param name="unfinished">The reply that was being written when the connection broke: it is charged as far as is known, yet stands in no turn's usage.</param>
    public void Write(TurnEnd end, Tokens unfinished, IReadOnlyList<(string CallId, Tool Tool)> denials)
    {
        if (end is TurnEnd.Dropped { Silently: false }) ofProcess = ofProcess.Plus(unfinished with { Output = 1 });
        LastFailed = end is TurnEnd.Interrupted or TurnEnd.Refused or TurnEnd.OutOfUsage or TurnEnd.Dropped { Silently: false };
        output.Write(json =>
        {
            json.WriteString("type", "result");
            switch (end)
            {
                case TurnEnd.Interrupted interrupted:
                    WriteInterrupted(json, interrupted, denials);
                    return;
                case TurnEnd.Completed completed:
                    WriteSuccess(json, completed.LastText, "end_turn", denials);
                    return;
                case TurnEnd.Dropped { Silently: true } dropped:
                    // What is left is the reason of the reply before.
                    WriteSuccess(json, dropped.Text, turns > 1 ? "tool_use" : null, denials);
                    return;
                case TurnEnd.Dropped:
                    WriteRefusal(json, Refusal.Broken, denials);
                    return;
                case TurnEnd.Refused refused:
                    WriteRefusal(json, Refusal.Of(refused.Error), denials);
                    return;
                case TurnEnd.OutOfUsage limit:
                    WriteRefusal(json, Refusal.UsageLimit(limit.ResetsAt), denials);
                    return;
            }
        });
    }

    /// <summary>The answer to <c>--resume</c> of a conversation that is not there.</summary>
    public void WriteUnknownConversation() => output.Write(json =>
    {
        json.WriteString("type", "result");
        json.WriteString("subtype", "error_during_execution");
        WriteDurations(json);
        json.WriteBoolean("is_error", true);
        json.WriteNumber("num_turns", 0);
        json.WriteNull("stop_reason");
        WriteSums(json, []);
        json.WriteString("uuid", Guid.NewGuid());
        json.WriteStartArray("errors");
        json.WriteStringValue($"No conversation found with session ID: {options.SessionId}");
        json.WriteEndArray();
    });

    private void WriteSuccess(Utf8JsonWriter json, string text, string? stopReason, IReadOnlyList<(string CallId, Tool Tool)> denials)
    {
        json.WriteString("subtype", "success");
        json.WriteBoolean("is_error", false);
        json.WriteNull("api_error_status");
        WriteDurations(json);
        json.WriteNumber("ttft_ms", 1);
        json.WriteNumber("ttft_stream_ms", 1);
        json.WriteNumber("time_to_request_ms", 1);
        WriteText(json, text, stopReason, "completed", denials);
    }

    /// <summary>The real CLI calls this a success as well; only <c>is_error</c> tells.</summary>
    private void WriteRefusal(Utf8JsonWriter json, Refusal refusal, IReadOnlyList<(string CallId, Tool Tool)> denials)
    {
        json.WriteString("subtype", "success");
        json.WriteBoolean("is_error", true);
        if (refusal.Status is { } number) json.WriteNumber("api_error_status", number);
        else json.WriteNull("api_error_status");
        WriteDurations(json);
        WriteText(json, refusal.Text, "stop_sequence", refusal.TerminalReason, denials);
    }

    private void WriteText(
        Utf8JsonWriter json, string text, string? stopReason, string terminalReason, IReadOnlyList<(string CallId, Tool Tool)> denials)
    {
        json.WriteNumber("num_turns", Math.Max(1, turns));
        json.WriteString("result", text);
        json.WriteString("stop_reason", stopReason);
        WriteSums(json, denials);
        json.WriteString("terminal_reason", terminalReason);
        json.WriteString("fast_mode_state", "off");
        json.WriteString("uuid", Guid.NewGuid());
    }

    private void WriteInterrupted(Utf8JsonWriter json, TurnEnd.Interrupted interrupted, IReadOnlyList<(string CallId, Tool Tool)> denials)
    {
        json.WriteString("subtype", "error_during_execution");
        WriteDurations(json);
        json.WriteBoolean("is_error", true);
        // The CLI counts the notes about the interruption as well.
        json.WriteNumber("num_turns", turns + (interrupted.InTool && toolReturned ? 2 : 1));
        json.WriteString("stop_reason", interrupted.InTool ? "tool_use" : null);
        WriteSums(json, denials);
        json.WriteString("terminal_reason", interrupted.InTool ? "aborted_tools" : "aborted_streaming");
        json.WriteString("fast_mode_state", "off");
        json.WriteString("uuid", Guid.NewGuid());
        json.WriteStartArray("errors");
        json.WriteStringValue($"[ede_diagnostic] result_type=user last_content_type=n/a stop_reason={(interrupted.InTool ? "tool_use" : "null")}");
        json.WriteEndArray();
    }

    private void WriteDurations(Utf8JsonWriter json)
    {
        json.WriteNumber("duration_ms", duration.ElapsedMilliseconds);
        json.WriteNumber("duration_api_ms", duration.ElapsedMilliseconds);
    }

    private void WriteSums(Utf8JsonWriter json, IReadOnlyList<(string CallId, Tool Tool)> denials)
    {
        json.WriteString("session_id", options.SessionId);
        json.WriteNumber("total_cost_usd", ofProcess.Usd);
        UsageLines.WriteTotal(json, ofTurn);
        json.WriteStartObject("modelUsage");
        if (ofProcess != Tokens.None)
        {
            json.WriteStartObject(options.Model);
            json.WriteNumber("inputTokens", ofProcess.Input);
            json.WriteNumber("outputTokens", ofProcess.Output);
            json.WriteNumber("cacheReadInputTokens", ofProcess.CacheRead);
            json.WriteNumber("cacheCreationInputTokens", ofProcess.CacheWrite);
            json.WriteNumber("webSearchRequests", 0);
            json.WriteNumber("costUSD", ofProcess.Usd);
            json.WriteNumber("contextWindow", 200000);
            json.WriteNumber("maxOutputTokens", 32000);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartArray("permission_denials");
        foreach (var (callId, tool) in denials)
        {
            json.WriteStartObject();
            json.WriteString("tool_name", ToolLines.Name(tool));
            json.WriteString("tool_use_id", callId);
            json.WritePropertyName("tool_input");
            json.WriteRawValue(ToolLines.Input(tool, options));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
