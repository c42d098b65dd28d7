using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Model.Chat;

/// <summary>How OpenAI words refusals; both of its APIs do it alike but for what each says itself.</summary>
internal static class OpenAiErrors
{
    public const string ContextLengthExceeded = "context_length_exceeded";

    public static IReadOnlyList<(string Name, string Value)> Headers { get; } = [("x-request-id", "req_rehearsed")];

    public static HttpRefusal Of(Trouble trouble) => trouble switch
    {
        Trouble.Refused refused => Of(refused),
        Trouble.LimitReached limit => Refusal(
            429, "You exceeded your current quota, please check your plan and billing details.", "insufficient_quota", "insufficient_quota",
            [("x-ratelimit-remaining-requests", "0"), ("x-ratelimit-reset-requests", $"{RetryAfter.Seconds(limit.Left)}s")]),
        Trouble.Unreadable unreadable => Refusal(400, unreadable.Why, "invalid_request_error", null, []),
        _ => throw new UnreachableException(),
    };

    public static HttpRefusal Refusal(int status, string message, string type, string? code, IReadOnlyList<(string Name, string Value)> headers)
    {
        var error = new JsonObject { ["message"] = message, ["type"] = type, ["param"] = null, ["code"] = code };
        return new HttpRefusal(status, new JsonObject { ["error"] = error }, headers);
    }

    private static HttpRefusal Of(Trouble.Refused refused)
    {
        var headers = RetryAfter.Header(refused.RetryAfter);
        return refused.Error switch
        {
            ModelError.Unauthorized => Refusal(401, "Incorrect API key provided: test-key.", "invalid_request_error", "invalid_api_key", headers),
            ModelError.PromptTooLong => Refusal(
                400, "This model's maximum context length is 200000 tokens. However, your messages resulted in 210000 tokens. Please reduce the length of the messages.",
                "invalid_request_error", ContextLengthExceeded, headers),
            ModelError.RateLimited => Refusal(
                429, string.Create(CultureInfo.InvariantCulture, $"Rate limit reached for requests per min (RPM): Limit 3, Used 3, Requested 1. Please try again in {(refused.RetryAfter ?? TimeSpan.FromSeconds(1)).TotalSeconds}s."),
                "requests", "rate_limit_exceeded", headers),
            ModelError.Internal => Refusal(500, "The server had an error while processing your request. Sorry about that!", "server_error", null, headers),
            ModelError.Overloaded => Refusal(503, "The engine is currently overloaded, please try again later", "server_error", "server_is_overloaded", headers),
        };
    }
}
