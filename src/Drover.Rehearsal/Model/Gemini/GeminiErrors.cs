using System.Diagnostics;
using System.Text.Json.Nodes;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Model.Gemini;

internal static class GeminiErrors
{
    private const string Types = "type.googleapis.com/google.rpc.";

    public static HttpRefusal Of(Trouble trouble) => trouble switch
    {
        Trouble.Refused refused => Of(refused),
        Trouble.LimitReached limit => Refusal(
            429, "RESOURCE_EXHAUSTED", "You exceeded your current quota, please check your plan and billing details.", [],
            QuotaFailure("GenerateRequestsPerDayPerProjectPerModel"), RetryInfo(limit.Left)),
        Trouble.Unreadable unreadable => Refusal(400, "INVALID_ARGUMENT", unreadable.Why, []),
        _ => throw new UnreachableException(),
    };

    private static HttpRefusal Of(Trouble.Refused refused)
    {
        var headers = RetryAfter.Header(refused.RetryAfter);
        JsonNode[] retry = refused.RetryAfter is { } after ? [RetryInfo(after)] : [];
        return refused.Error switch
        {
            ModelError.Unauthorized => Refusal(
                401, "UNAUTHENTICATED", "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.", headers),
            ModelError.PromptTooLong => Refusal(400, "INVALID_ARGUMENT", "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).", headers),
            ModelError.RateLimited => Refusal(
                429, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota).", headers, [QuotaFailure("GenerateRequestsPerMinutePerProjectPerModel"), .. retry]),
            ModelError.Internal => Refusal(500, "INTERNAL", "An internal error has occurred. Please retry.", headers, retry),
            ModelError.Overloaded => Refusal(503, "UNAVAILABLE", "The model is overloaded. Please try again later.", headers, retry),
        };
    }

    private static HttpRefusal Refusal(int status, string word, string message, IReadOnlyList<(string Name, string Value)> headers, params JsonNode[] details)
    {
        var error = new JsonObject { ["code"] = status, ["message"] = message, ["status"] = word };
        if (details.Length > 0) error["details"] = new JsonArray(details);
        return new HttpRefusal(status, new JsonObject { ["error"] = error }, headers);
    }

    private static JsonObject QuotaFailure(string id) => new()
    {
        ["@type"] = Types + "QuotaFailure",
        ["violations"] = new JsonArray(new JsonObject
        {
            ["quotaMetric"] = "generativelanguage.googleapis.com/generate_content_requests",
            ["quotaId"] = id,
            ["quotaValue"] = "50",
        }),
    };

    private static JsonObject RetryInfo(TimeSpan after) => new() { ["@type"] = Types + "RetryInfo", ["retryDelay"] = $"{RetryAfter.Seconds(after)}s" };
}
