using System.Globalization;
using System.Text.Json.Nodes;
using Drover.Rehearsal.Model.Chat;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Model.Responses;

internal static class ResponsesErrors
{
    public static HttpRefusal Of(Trouble trouble) => trouble switch
    {
        // That a context is full turns out only after the stream has begun.
        Trouble.Refused { Error: ModelError.PromptTooLong } => OpenAiErrors.Refusal(
            400, "Your input exceeds the context window of this model. Please adjust your input and try again.", "invalid_request_error", OpenAiErrors.ContextLengthExceeded, []) with
        {
            InStream = true,
        },
        Trouble.LimitReached limit => UsageLimit(limit),
        _ => OpenAiErrors.Of(trouble),
    };

    /// <summary>What a subscription gets whose allowance is used up.</summary>
    private static HttpRefusal UsageLimit(Trouble.LimitReached limit)
    {
        var error = new JsonObject
        {
            ["type"] = "usage_limit_reached",
            ["message"] = "The usage limit has been reached",
            ["plan_type"] = "plus",
            ["resets_at"] = limit.Resets.ToUnixTimeSeconds(),
            ["resets_in_seconds"] = (long)Math.Ceiling(limit.Left.TotalSeconds),
        };
        return new HttpRefusal(429, new JsonObject { ["error"] = error },
        [
            ("x-codex-primary-used-percent", "100"),
            ("x-codex-primary-window-minutes", "300"),
            ("x-codex-primary-reset-at", limit.Resets.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
        ]);
    }
}
