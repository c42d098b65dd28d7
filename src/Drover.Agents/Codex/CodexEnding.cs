using System.Text.Json;
using System.Text.RegularExpressions;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Codex;

/// <summary>What the server's errors mean, and how a turn has ended.</summary>
internal static partial class CodexEnding
{
    /// <summary>An error within a turn. One that is tried again does not end it; of another the turn's end will tell.</summary>
    public static void Error(Draft<CodexState> draft, JsonElement parameters)
    {
        var error = parameters.At("error");
        var (@class, text) = (Class(error), Words(error));
        if (parameters.Flag("willRetry"))
        {
            draft.Say(@class is FailureClass.RateLimit or FailureClass.UsageLimit or FailureClass.Overloaded
                ? new AgentEvent.Limit(@class, Bounded.Text(text, 1000), Rejected: false, null)
                : new AgentEvent.Trouble(@class, Bounded.Text(text, 1000)));
        }
        else if (@class is FailureClass.UsageLimit)
        {
            draft.Say(new AgentEvent.Limit(@class, Bounded.Text(text, 1000), Rejected: true, CodexMeter.ResetsAt(draft.State)));
        }
        else
        {
            draft.Say(new AgentEvent.Trouble(@class, Bounded.Text(text, 1000)));
        }
    }

    public static TurnEnding Judge(CodexState state, JsonElement completed)
    {
        var (error, turn) = (completed.At("error"), state.Turn!);
        return completed.Text("status") switch
        {
            "interrupted" when turn.Ending || !error.Exists() => Failures.Interrupted,
            "completed" when !error.Exists() && !turn.SystemError => TurnEnding.Succeeded,
            "completed" or "failed" or "interrupted" => Failed(state, error),
            var other => Failures.Failed(FailureClass.Protocol, $"the turn ended with the unknown status '{other}'"),
        };
    }

    /// <summary>What an error that answers a request means.</summary>
    public static TurnEnding OfRpc(JsonElement error)
    {
        var reason = error.Text("message") is { Length: > 0 } message ? message : $"error {error.Whole("code")}";
        return Failures.Failed(OfWords(reason) ?? FailureClass.Other, reason);
    }

    private static TurnEnding Failed(CodexState state, JsonElement error)
    {
        if (!error.Exists()) return Failures.Failed(FailureClass.Other, "the agent reports that its system failed");
        var (@class, text) = (Class(error), Words(error));
        var ending = Failures.Failed(@class, text, @class is FailureClass.UsageLimit ? CodexMeter.ResetsAt(state) : null);
        return text.StartsWith("Quota exceeded", StringComparison.Ordinal) ? ending with { Retryable = false } : ending; // waiting brings no money
    }

    private static string Words(JsonElement error)
    {
        var (message, details) = (error.Text("message") ?? "an error without a message", error.Text("additionalDetails"));
        return details is null ? message : $"{message}: {details}";
    }

    private static FailureClass Class(JsonElement error)
    {
        var info = error.At("codexErrorInfo");
        var kind = info.Text() ?? (info.ValueKind == JsonValueKind.Object && info.EnumerateObject().FirstOrDefault() is { Value.ValueKind: JsonValueKind.Object } first ? first.Name : null);
        var status = kind is null ? null : info.Whole(kind, "httpStatusCode");
        return Failures.OfStatus(status) ?? OfKind(kind) ?? OfWords(Words(error)) ?? OfConnection(kind) ?? FailureClass.Other;
    }

    private static FailureClass? OfKind(string? kind) => kind switch
    {
        "contextWindowExceeded" => FailureClass.Context,
        "sessionBudgetExceeded" => FailureClass.Budget,
        "usageLimitExceeded" => FailureClass.UsageLimit,
        "rateLimitExceeded" => FailureClass.RateLimit,
        "serverOverloaded" or "internalServerError" or "flexUnavailable" or "policyCapacityUnavailable" => FailureClass.Overloaded,
        "unauthorized" => FailureClass.Auth,
        "cyberPolicy" or "misalignmentPolicyViolation" or "inferenceHookDenied" or "tooManyDenials" => FailureClass.Refused,
        "badRequest" or "modelNotFound" or "sandboxError" or "threadRollbackFailed" or "activeTurnNotSteerable" => FailureClass.Other,
        _ => null,
    };

    /// <summary>What is left when neither a status nor the words say more.</summary>
    private static FailureClass? OfConnection(string? kind) => kind switch
    {
        "httpConnectionFailed" or "responseStreamConnectionFailed" or "responseStreamDisconnected" or "responseTooManyFailedAttempts" => FailureClass.Connection,
        _ => null,
    };

    private static FailureClass? OfWords(string text)
    {
        if (MissingKey().IsMatch(text)) return FailureClass.Auth;
        if (text.EndsWith("reason: max_output_tokens", StringComparison.Ordinal)) return FailureClass.Context;
        if (text.EndsWith("reason: content_filter", StringComparison.Ordinal)) return FailureClass.Refused;
        return text.Contains("high demand", StringComparison.Ordinal) ? FailureClass.Overloaded : Failures.OfText(text);
    }

    [GeneratedRegex(@"\AMissing environment variable\b", RegexOptions.CultureInvariant)]
    private static partial Regex MissingKey();
}
