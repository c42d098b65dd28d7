using System.Globalization;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Agent.StreamJson;

/// <summary>How the real CLI tells of a model that refuses.</summary>
/// <param name="Status">What the model answered with; null when it did not answer to the end.</param>
/// <param name="RetryWord">In <c>api_retry</c> lines.</param>
/// <param name="ErrorWord">On the synthetic assistant line.</param>
internal sealed record Refusal(int? Status, string RetryWord, string ErrorWord, string Text, string TerminalReason)
{
    public static Refusal Of(ModelError error) => error switch
    {
        ModelError.Unauthorized => new(401, "authentication_failed", "authentication_failed", "Invalid API key · Fix external API key", "completed"),
        ModelError.PromptTooLong => new(400, "invalid_request", "invalid_request", "Prompt is too long", "prompt_too_long"),
        ModelError.RateLimited => new(429, "rate_limit", "rate_limit", "API Error: Request rejected (429) · Number of requests has exceeded your rate limit", "completed"),
        ModelError.Internal => new(500, "server_error", "server_error", "API Error: 500 Internal server error", "completed"),
        ModelError.Overloaded => new(529, "overloaded", "server_error", "API Error: Repeated 529 Overloaded errors", "completed"),
    };

    public static readonly Refusal Broken =
        new(null, "unknown", "server_error", "API Error: Connection closed mid-response. The response above may be incomplete.", "completed");

    public static Refusal UsageLimit(DateTimeOffset resetsAt) =>
        new(429, "rate_limit", "rate_limit", $"You've hit your limit · resets {resetsAt.UtcDateTime.ToString("h:mmtt", CultureInfo.InvariantCulture).ToLowerInvariant()} (UTC)", "completed");
}
