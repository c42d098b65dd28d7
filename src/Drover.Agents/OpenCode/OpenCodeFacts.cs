using System.Text.Json;
using Drover.Agents.Command;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.OpenCode;

/// <summary>What OpenCode's run and its server spell alike: tokens, errors, results of tools, reasons to stop.</summary>
internal static class OpenCodeFacts
{
    /// <summary>Of one model's answer; thinking is counted apart from the output.</summary>
    public static TokenCount Tokens(JsonElement tokens) => new(
        Count(tokens, "input"), Count(tokens, "output") + Count(tokens, "reasoning"), Math.Max(0, tokens.Whole("cache", "read") ?? 0), Math.Max(0, tokens.Whole("cache", "write") ?? 0));

    public static string Reason(JsonElement error) => error.Text("data", "message") is { Length: > 0 } message ? message : error.Text("name") ?? "an error without a name";

    public static FailureClass Class(JsonElement error)
    {
        var reason = Reason(error);
        var ofText = Failures.OfText(reason);
        var ofStatus = Failures.OfStatus(error.Whole("data", "statusCode"));
        // A quota comes with the status of a rate limit, and a prompt that is too long with that of any bad request.
        if (ofStatus is FailureClass.RateLimit && ofText is FailureClass.UsageLimit) return FailureClass.UsageLimit;
        return ofStatus ?? OfName(error.Text("name")) ?? ofText ?? FailureClass.Other;
    }

    /// <summary>How a turn has ended that stopped for this reason without an error.</summary>
    /// <param name="denied">What was last not permitted in it.</param>
    public static TurnEnding? OfFinish(string? finish, string? denied) => finish switch
    {
        "stop" => TurnEnding.Succeeded,
        "length" => Failures.Failed(FailureClass.Context, "the answer was cut at the model's limit of tokens"),
        "content-filter" => Failures.Failed(FailureClass.Refused, "the model's answer was filtered"),
        "error" or "unknown" or "other" => Failures.Failed(FailureClass.Other, $"the model's answer ended with '{finish}'"),
        "tool-calls" when denied is not null => Failures.Failed(FailureClass.Refused, denied),
        _ => null,
    };

    public static string Output(JsonElement state) => state.Text("output") ?? state.Text("error") ?? "";

    public static bool HasFailed(JsonElement state) => state.Text("status") == "error" || state.Whole("metadata", "exit") is not (null or 0);

    /// <summary>The words for a call that its permission settings did not let pass, or null.</summary>
    public static string? Denied(JsonElement state) =>
        state.Text("error") is { } error && error.StartsWith("The user rejected permission", StringComparison.Ordinal) ? error : null;

    private static FailureClass? OfName(string? name) => name switch
    {
        "ProviderAuthError" => FailureClass.Auth,
        "ContextOverflowError" or "MessageOutputLengthError" => FailureClass.Context,
        _ => null,
    };

    private static long Count(JsonElement tokens, string name) => Math.Max(0, tokens.Whole(name) ?? 0);
}
