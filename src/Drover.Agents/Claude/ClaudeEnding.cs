using System.Text.Json;
using System.Text.RegularExpressions;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Claude;

/// <summary>The end of a turn, judged by what happened: <c>subtype: success</c> stands on failures too.</summary>
internal static partial class ClaudeEnding
{
    public static void Result(Draft<ClaudeState> draft, JsonElement line)
    {
        var state = draft.State;
        var uuid = line.Text("uuid");
        var repeated = uuid is not null && uuid == state.LastResult;
        if (repeated || state.Rests)
        {
            ClaudeReading.Raw(draft, line);
            return;
        }

        // A command line that cannot work (an unknown conversation) ends in a result before anything else is said.
        if (!state.Greeted && !state.InTurn && line.Flag("is_error")) draft.State = draft.State with { NeverCame = true };
        else ClaudeReading.StartTurn(draft);

        TellUsage(draft, line);
        ClaudeTalk.Withdraw(draft);
        var turn = draft.State.Turn;
        var ending = Judge(draft.State, line);
        draft.Say(new AgentEvent.TurnEnded(ending, Summary(turn, line)));
        draft.State = draft.State with { InTurn = false, LastResult = uuid, Turn = new(), Cost = line.Money("total_cost_usd") ?? draft.State.Cost };
        ClaudeTalk.WriteHeld(draft);
    }

    /// <summary>The turn's tokens, and what the process's cumulative cost has grown by. A turn that was cut reports none: then what its stream showed counts.</summary>
    public static void TellUsage(Draft<ClaudeState> draft, JsonElement result)
    {
        var turn = draft.State.Turn;
        var usage = result.At("usage");
        var reported = new AgentEvent.Usage(
            usage.Whole("input_tokens") ?? 0, usage.Whole("output_tokens") ?? 0,
            usage.Whole("cache_read_input_tokens") ?? 0, usage.Whole("cache_creation_input_tokens") ?? 0, Grown(draft.State.Cost, result.Money("total_cost_usd")));
        if (reported is { Input: 0, Output: 0, CacheRead: 0, CacheWrite: 0 })
            reported = reported with { Input = turn.Input, Output = turn.Output, CacheRead = turn.CacheRead, CacheWrite = turn.CacheWrite };
        if (reported is not { Input: 0, Output: 0, CacheRead: 0, CacheWrite: 0, Usd: null or 0 }) draft.Say(reported);
    }

    public static TurnEnding OfExit(Input.Exited exited, bool greeted) =>
        !greeted && exited.LastErrors.Contains("is already in use", StringComparison.Ordinal)
            ? Failures.Failed(FailureClass.Other, exited.LastErrors.Trim()) // that conversation exists; beginning it again fails again
            : Failures.Ended(exited.ExitCode, exited.LastErrors, hadStarted: greeted);

    public static FailureClass? OfError(string? error) => error switch
    {
        "authentication_failed" or "oauth_org_not_allowed" => FailureClass.Auth,
        "billing_error" => FailureClass.UsageLimit,
        "rate_limit" => FailureClass.RateLimit,
        "overloaded" or "server_error" => FailureClass.Overloaded,
        "max_output_tokens" => FailureClass.Context,
        _ => null,
    };

    /// <summary>What the CLI's report of an error means. It calls a server that cannot be reached a server error too; without a status the words tell them apart.</summary>
    public static FailureClass OfReport(string? error, long? status, string text)
    {
        var ofText = Failures.OfText(text);
        if (status is null && ofText == FailureClass.Connection) return FailureClass.Connection;
        return OfError(error) ?? Failures.OfStatus(status) ?? ofText ?? FailureClass.Other;
    }

    /// <summary>Whether a text that stands for an answer is the CLI's report of an error. Strict, since an agent may write about errors.</summary>
    public static bool IsErrorText(string text) => ErrorText().IsMatch(text) || LimitText().IsMatch(text);

    private static TurnEnding Judge(ClaudeState state, JsonElement line)
    {
        var (turn, text) = (state.Turn, line.Text("result") ?? "");
        var terminal = line.Text("terminal_reason");
        if (terminal?.StartsWith("aborted", StringComparison.Ordinal) == true) return Failures.Interrupted;
        if (line.Flag("is_error") || line.Text("subtype") != "success" || turn.Error is not null) return Failed(turn, line, text, terminal);
        if (IsErrorText(text)) return Failed(turn, line, text, terminal);
        if (line.Text("stop_reason") == "refusal") return Failures.Failed(FailureClass.Refused, "the model refused");
        if (line.Text("stop_reason") == "max_tokens") return Failures.Failed(FailureClass.Context, "the answer was cut at the model's limit of tokens");
        return WasCut(state, line)
            ? Failures.Failed(FailureClass.Connection, "the model's answer broke off in the middle, though the agent calls the turn a success")
            : TurnEnding.Succeeded;
    }

    private static TurnEnding Failed(TurnSoFar turn, JsonElement line, string text, string? terminal)
    {
        var errors = string.Join("; ", line.Items("errors").Select(e => e.Text()).Where(e => e is not null));
        var reason = text.Length > 0 ? text : errors.Length > 0 ? errors : line.Text("subtype") ?? "the turn failed";
        var said = line.Text("subtype") switch
        {
            "error_max_turns" => FailureClass.MaxTurns,
            "error_max_budget_usd" => FailureClass.Budget,
            _ => terminal == "prompt_too_long" ? FailureClass.Context : (FailureClass?)null,
        };
        if (said is { } plain) return Failures.Failed(plain, reason);
        if (reason.StartsWith("No conversation found", StringComparison.Ordinal)) return Failures.UnknownConversation(reason);

        if (turn.Error == "billing_error" || reason.StartsWith("Credit balance", StringComparison.Ordinal))
            return Failures.Failed(FailureClass.UsageLimit, reason) with { Retryable = false }; // waiting brings no money
        if (turn.LimitRejected || Failures.OfText(reason) == FailureClass.UsageLimit)
            return Failures.Failed(FailureClass.UsageLimit, reason, turn.ResetsAt ?? ResetTime(reason));
        return Failures.Failed(OfReport(turn.Error, line.Whole("api_error_status"), reason), reason);
    }

    /// <summary>With partial messages, a message that has begun and has no end. Without them (a foreign recording) a missing stop reason, or no tokens at all in a turn in
    /// which the model answered: so it looks when the stream broke, even if the CLI then asked again and got an answer.</summary>
    private static bool WasCut(ClaudeState state, JsonElement line)
    {
        if (state.Turn.MessageOpen) return true;
        if (!state.Turn.Answered && Grown(state.Cost, line.Money("total_cost_usd")) is null or 0) return false; // a command that needs no model
        if (line.At("stop_reason").ValueKind == JsonValueKind.Null) return true;
        var usage = line.At("usage");
        return !state.Streams && usage.Whole("input_tokens") is 0 && usage.Whole("output_tokens") is 0
            && (usage.Whole("cache_read_input_tokens") ?? 0) == 0 && (usage.Whole("cache_creation_input_tokens") ?? 0) == 0;
    }

    private static string? Summary(TurnSoFar turn, JsonElement line) =>
        line.Text("result") is { Length: > 0 } text && turn.Error is null ? Bounded.Text(text) : turn.LastText;

    private static decimal? Grown(decimal before, decimal? now) => now is null ? null : now >= before ? now - before : now;

    private static DateTimeOffset? ResetTime(string text) =>
        LimitText().Match(text) is { Success: true } m && long.TryParse(m.Groups["at"].ValueSpan, out var at) ? Peek.Time(at) : null;

    [GeneratedRegex(@"\A\[?API Error\b", RegexOptions.CultureInvariant)]
    private static partial Regex ErrorText();

    [GeneratedRegex(@"\A(Claude( AI)? usage limit reached(\|(?<at>\d{9,11}))?|You've (hit|reached) your (\w+ ){0,2}limit\b[^\n]{0,120}|Invalid API key · [^\n]{0,80}|Not logged in · [^\n]{0,80}|Credit balance is too low)\s*\z", RegexOptions.CultureInvariant)]
    private static partial Regex LimitText();
}
