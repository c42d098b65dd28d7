using System.Collections.Concurrent;
using System.Globalization;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Model;

/// <summary>What the vendor's server answers when it refuses.</summary>
internal sealed record HttpRefusal(int Status, string Type, string Message, IReadOnlyList<(string Name, string Value)> Headers);

/// <summary>The only thing that the server remembers between requests: how often it has refused at a place of the script. A server started anew begins to count anew.</summary>
internal sealed class Refusals(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, int> counts = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> resets = new();

    /// <summary>Null when this step lets the request pass.</summary>
    /// <param name="place">Conversation, turn, reply and step.</param>
    public HttpRefusal? Of(Step step, string place) => step switch
    {
        Step.Refuse refuse => counts.AddOrUpdate(place, 1, (_, count) => count + 1) <= (refuse.Times ?? int.MaxValue) ? Of(refuse) : null,
        Step.UsageLimit limit => resets.GetOrAdd(place, time.GetUtcNow() + limit.ResetsIn) is var reset && reset > time.GetUtcNow() ? UsageLimit(reset) : null,
        _ => null,
    };

    private static HttpRefusal Of(Step.Refuse refuse)
    {
        (string Name, string Value)[] headers = refuse.RetryAfter is { } after
            ? [("retry-after", Math.Ceiling(after.TotalSeconds).ToString(CultureInfo.InvariantCulture))]
            : [];
        return refuse.Error switch
        {
            ModelError.Unauthorized => new(401, "authentication_error", "invalid x-api-key", headers),
            ModelError.PromptTooLong => new(400, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum", headers),
            ModelError.RateLimited => new(429, "rate_limit_error", "Number of requests has exceeded your rate limit", headers),
            ModelError.Internal => new(500, "api_error", "Internal server error", headers),
            ModelError.Overloaded => new(529, "overloaded_error", "Overloaded", headers),
        };
    }

    private static HttpRefusal UsageLimit(DateTimeOffset reset) => new(429, "rate_limit_error", "This request would exceed your account's rate limit",
    [
        ("anthropic-ratelimit-unified-status", "rejected"),
        ("anthropic-ratelimit-unified-reset", reset.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
        ("anthropic-ratelimit-unified-representative-claim", "five_hour"),
        ("anthropic-ratelimit-unified-overage-status", "rejected"),
    ]);
}
