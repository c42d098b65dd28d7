using System.Text.Json;
using System.Text.RegularExpressions;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Acp;

/// <summary>The response to a prompt: the end of the turn, judged by what happened.</summary>
internal static partial class AcpEnding
{
    public static void Response(Draft<AcpState> draft, Flight flight, JsonElement line)
    {
        var (error, result) = (line.At("error"), line.At("result"));
        // One of which nothing was seen went into the turn of another, and its response tells of that turn once more.
        var isJoined = draft.State.Turn.Begun && !flight.Started;
        Receipt(draft, flight, error.Exists());
        AcpUpdates.CloseBlock(draft);
        if (!isJoined) TellUsage(draft, result);
        var state = draft.State;
        var ending = error.Exists() ? Failed(state, error) : Judge(state, result);
        if (isJoined && ending.Outcome == Outcome.Succeeded) ending = state.Turn.Answered ?? ending;
        Flight[] others = [.. state.Flights.Where(f => f.Id != flight.Id)];
        if (others.Length > 0) draft.State = state with { Flights = others, Turn = state.Turn with { Answered = ending } };
        else End(draft, ending);
    }

    /// <summary>The turn is over, and what went into it beside its first prompt is not answered.</summary>
    public static void GiveUp(Draft<AcpState> draft)
    {
        if (draft.State is not { Patience: not null, Turn.Answered: { } ending }) return;
        foreach (var flight in draft.State.Flights) draft.Say(new AgentEvent.MessageUnanswered(flight.Message, "the agent ended the turn without an answer to this message"));
        End(draft, ending);
    }

    private static void End(Draft<AcpState> draft, TurnEnding ending)
    {
        AcpTools.EndTurn(draft);
        AcpQuestions.Withdraw(draft);
        draft.Say(new AgentEvent.TurnEnded(ending, draft.State.Turn.LastText));
        draft.State = draft.State with { Flights = [], Cancelling = false, Turn = new() };
        AcpTalk.WriteHeld(draft);
    }

    /// <summary>A response shows that its prompt was read, unless it is the refusal of one that was to steer a turn that goes on.</summary>
    private static void Receipt(Draft<AcpState> draft, Flight flight, bool isError)
    {
        if (flight.Id == draft.State.Flights[0].Id) AcpReading.Started(draft);
        else if (isError && !draft.State.Cancelling) draft.Say(new AgentEvent.MessageRefused(flight.Message, "the agent took no message into its running turn"));
        else draft.Say(new AgentEvent.MessageAccepted(flight.Message));
    }

    /// <summary>What a JSON-RPC error means. Some agents put the HTTP status into the code, some a kind into the data, some only words into the message.</summary>
    public static TurnEnding OfError(JsonElement error)
    {
        var (code, message) = (error.Whole("code"), error.Text("message") ?? "");
        var data = error.At("data");
        var detail = data.Text("message") ?? data.Text("details") ?? data.Text();
        var reason = detail is null || message.Contains(detail, StringComparison.Ordinal) ? message : message.Length == 0 ? detail : $"{message}: {detail}";
        if (reason.Length == 0) reason = $"error {code}";

        var ofText = Failures.OfText(reason);
        var ofKind = OfKind(data.Text("errorKind")) ?? (code == -32000 ? FailureClass.Auth : (FailureClass?)null)
            ?? Failures.OfStatus(code) ?? Failures.OfStatus(data.Whole("http_status_code") ?? data.Whole("statusCode"));

        // A quota comes with the status of a rate limit, and is worse.
        var @class = ofKind is FailureClass.RateLimit && ofText is FailureClass.UsageLimit ? FailureClass.UsageLimit : ofKind ?? ofText ?? FailureClass.Other;
        return Failures.Failed(@class, reason);
    }

    public static bool SaysSystemError(JsonElement carrier)
    {
        var status = carrier.At("_meta", "codex", "threadStatus");
        return (status.Text() ?? status.Text("type")) == "systemError";
    }

    private static TurnEnding Failed(AcpState state, JsonElement error) => state.Cancelling ? Failures.Interrupted : OfError(error);

    private static TurnEnding Judge(AcpState state, JsonElement result)
    {
        var turn = state.Turn;
        return result.Text("stopReason") switch
        {
            "cancelled" => Failures.Interrupted,
            "max_tokens" => Failures.Failed(FailureClass.Context, "the answer was cut at the model's limit of tokens"),
            "max_turn_requests" => Failures.Failed(FailureClass.MaxTurns, "the agent reached its limit of model requests in one turn"),
            "refusal" => Failures.Failed(FailureClass.Refused, "the agent refused"),
            "end_turn" when turn.SystemError || SaysSystemError(result) || IsErrorOnly(turn) =>
                Failures.Failed(Failures.OfText(turn.LastText) ?? FailureClass.Other, turn.LastText ?? "the agent reports that its system failed"),
            "end_turn" => TurnEnding.Succeeded,
            var other => Failures.Failed(FailureClass.Protocol, $"the turn ended with the unknown stop reason '{other}'"),
        };
    }

    /// <summary>An error that is told as if it were the answer.</summary>
    private static bool IsErrorOnly(TurnSoFar turn) => !turn.CalledTools && turn.LastText is { } text && ErrorText().IsMatch(text);

    private static void TellUsage(Draft<AcpState> draft, JsonElement result)
    {
        var (state, turn, usage) = (draft.State, draft.State.Turn, result.At("usage"));
        var quota = result.At("_meta", "quota", "token_count");
        var told = usage.ValueKind == JsonValueKind.Object
            ? new AgentEvent.Usage(usage.Whole("inputTokens") ?? 0, usage.Whole("outputTokens") ?? 0,
                usage.Whole("cachedReadTokens") ?? 0, usage.Whole("cachedWriteTokens") ?? 0, null)
            : quota.ValueKind == JsonValueKind.Object
                ? new AgentEvent.Usage(quota.Whole("input_tokens") ?? 0, quota.Whole("output_tokens") ?? 0, 0, 0, null)
                : new AgentEvent.Usage(turn.Input, turn.Output, turn.CacheRead, 0, null);
        if (state is { CostBefore: { } before, CostNow: { } now }) told = told with { Usd = Math.Max(0, now - before) };
        draft.State = state with { CostBefore = state.CostNow ?? state.CostBefore };
        if (told is { Input: 0, Output: 0, CacheRead: 0, CacheWrite: 0, Usd: null or 0 }) return;
        draft.State = draft.State with { Turn = turn with { UsageTold = true } };
        draft.Say(told);
    }

    private static FailureClass? OfKind(string? kind) => kind switch
    {
        "authentication_failed" => FailureClass.Auth,
        "billing_error" => FailureClass.UsageLimit,
        "rate_limit" => FailureClass.RateLimit,
        "overloaded" or "server_error" => FailureClass.Overloaded,
        _ => null,
    };

    [GeneratedRegex(@"\A\[?(API error\b:?|internal error:|error:) [^\n]*\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex ErrorText();
}
