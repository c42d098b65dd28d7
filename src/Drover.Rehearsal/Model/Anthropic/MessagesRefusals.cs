using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Model.Anthropic;

internal static class MessagesRefusals
{
    public static HttpRefusal Of(Trouble trouble) => trouble switch
    {
        Trouble.Refused refused => Of(refused),
        Trouble.LimitReached limit => Refusal(429, "rate_limit_error", "This request would exceed your account's rate limit",
        [
            ("anthropic-ratelimit-unified-status", "rejected"),
            ("anthropic-ratelimit-unified-reset", limit.Resets.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
            ("anthropic-ratelimit-unified-representative-claim", "five_hour"),
            ("anthropic-ratelimit-unified-overage-status", "rejected"),
        ]),
        Trouble.Unreadable unreadable => Refusal(400, "invalid_request_error", unreadable.Why, []),
        _ => throw new UnreachableException(),
    };

    private static HttpRefusal Of(Trouble.Refused refused)
    {
        var headers = RetryAfter.Header(refused.RetryAfter);
        return refused.Error switch
        {
            ModelError.Unauthorized => Refusal(401, "authentication_error", "invalid x-api-key", headers),
            ModelError.PromptTooLong => Refusal(400, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum", headers),
            ModelError.RateLimited => Refusal(429, "rate_limit_error", "Number of requests has exceeded your rate limit", headers),
            ModelError.Internal => Refusal(500, "api_error", "Internal server error", headers),
            ModelError.Overloaded => Refusal(529, "overloaded_error", "Overloaded", headers),
        };
    }

    private static HttpRefusal Refusal(int status, string type, string message, IReadOnlyList<(string Name, string Value)> headers)
    {
        var body = new JsonObject { ["type"] = "error", ["error"] = new JsonObject { ["type"] = type, ["message"] = message } };
        return new HttpRefusal(status, body, headers);
    }
}
