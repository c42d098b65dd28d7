using System.Text.Json;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Codex;

/// <summary>Tokens and limits.</summary>
internal static class CodexMeter
{
    /// <summary>How many threads are counted at once: ours and those of sub-agents.</summary>
    private const int Threads = 50;

    /// <summary>Tells what a thread's total has grown by: the same total may be told again, and a thread that was loaded begins with what earlier runs used.</summary>
    public static void Tokens(Draft<CodexState> draft, JsonElement parameters, bool isOurs)
    {
        var total = parameters.At("tokenUsage", "total");
        if (total.ValueKind != JsonValueKind.Object || (parameters.Text("threadId") ?? draft.State.Thread) is not { } thread) return;
        var now = Read(thread, total);
        var before = draft.State.Totals.FirstOrDefault(t => t.Thread == thread);
        draft.State = draft.State with { Totals = [.. draft.State.Totals.Where(t => t.Thread != thread).TakeLast(Threads - 1), now] };

        // The first word on a loaded thread may come when a turn has been asked for; in one that has begun it tells of a request.
        if (before is null && isOurs && draft.State.Turn is not { Started: true }) return;
        if (before is null || now.Input < before.Input || now.Output < before.Output) before = Less(now, Read(thread, parameters.At("tokenUsage", "last")));
        var used = new AgentEvent.Usage(Grown(before.Input, now.Input), Grown(before.Output, now.Output),
            Grown(before.CacheRead, now.CacheRead), Grown(before.CacheWrite, now.CacheWrite), null);
        if (used is not { Input: 0, Output: 0, CacheRead: 0, CacheWrite: 0 }) draft.Say(used);
    }

    /// <summary>The server tells its limits with every answer of the model. They are passed on when another tenth of the fullest is used, or another period has begun.</summary>
    public static void Limits(Draft<CodexState> draft, JsonElement limits)
    {
        var (primary, secondary) = (limits.At("primary"), limits.At("secondary"));
        var fullest = (secondary.Whole("usedPercent") ?? -1) > (primary.Whole("usedPercent") ?? -1) ? secondary : primary;
        if (fullest.Whole("usedPercent") is not { } percent) return;
        var (before, now) = (draft.State.Quota, new Quota(percent, fullest.Whole("windowDurationMins"), fullest.Time("resetsAt")));
        draft.State = draft.State with { Quota = now };
        if (before is not null && before.UsedPercent / 10 == percent / 10 && before.WindowMinutes == now.WindowMinutes && before.ResetsAt == now.ResetsAt) return;
        var window = now.WindowMinutes is { } minutes ? $" of {minutes / 60.0:0.#} hours" : "";
        draft.Say(new AgentEvent.Limit(FailureClass.UsageLimit, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"usage limit{window}: {percent} % used"), Rejected: false, now.ResetsAt));
    }

    /// <summary>When the limit ends that the account has run into; null when the server has named none that is used up.</summary>
    public static DateTimeOffset? ResetsAt(CodexState state) => state.Quota is { UsedPercent: >= 100 } quota ? quota.ResetsAt : null;

    /// <summary>The server's input counts what came from the cache and what went into it too.</summary>
    private static Total Read(string thread, JsonElement usage)
    {
        var (read, write) = (usage.Whole("cachedInputTokens") ?? 0, usage.Whole("cacheWriteInputTokens") ?? 0);
        return new(thread, Math.Max(0, (usage.Whole("inputTokens") ?? 0) - read - write), usage.Whole("outputTokens") ?? 0, read, write);
    }

    private static Total Less(Total now, Total last) =>
        new(now.Thread, now.Input - last.Input, now.Output - last.Output, now.CacheRead - last.CacheRead, now.CacheWrite - last.CacheWrite);

    private static long Grown(long before, long now) => Math.Max(0, now - before);
}
