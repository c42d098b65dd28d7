using System.Text.Json;
using System.Text.RegularExpressions;
using Drover.Agents.Command;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Codex;

/// <summary>The JSON lines of <c>codex exec --json</c>: one turn. Its usage counts from the thread's beginning, its errors are words.</summary>
internal sealed partial class ExecDialect : JsonDialect
{
    public override string Name => "codex-exec";

    public override string? Agent => "codex";

    public override IReadOnlyList<string> Command(bool sandboxed) =>
        ["codex", "exec", "--json", .. sandboxed ? ["--dangerously-bypass-approvals-and-sandbox"] : new[] { "--sandbox", "workspace-write" }, "--", CommandLaunch.PromptMark];

    public override IReadOnlyList<string> Inherits => ["CODEX_*", "OPENAI_*"];

    public override IReadOnlyList<string> HomePaths => [".codex/"];

    public override bool Knows(JsonElement line) =>
        line.Text("type") is "thread.started" or "turn.started" or "turn.completed" or "turn.failed" or "item.started" or "item.updated" or "item.completed";

    protected override void Read(Draft<CommandState> draft, JsonElement line)
    {
        switch (line.Text("type"))
        {
            case "thread.started": Turns.Conversation(draft, line.Text("thread_id"), null); break;
            case "turn.started": break;
            case "item.started" or "item.completed": Item(draft, line.At("item"), isOver: line.Text("type") == "item.completed"); break;
            case "item.updated": break;
            case "error": Error(draft, line.Text("message") ?? "an error without a message"); break;
            case "turn.completed":
                Used(draft, line.At("usage"));
                Turns.End(draft, TurnEnding.Succeeded);
                break;
            case "turn.failed":
                var reason = line.Text("error", "message") is { Length: > 0 } message ? message : draft.State.Heard.Error ?? "the turn failed";
                Turns.End(draft, Failed(reason));
                break;
            default: Raw(draft, line); break;
        }
    }

    /// <summary>An error's words without the address that was asked, whose numbers mean nothing.</summary>
    internal static FailureClass? OfWords(string text)
    {
        if (MissingKey().IsMatch(text)) return FailureClass.Auth;
        var words = Address().Replace(text, "");
        return Crowd().IsMatch(words) ? FailureClass.Overloaded : Failures.OfText(words);
    }

    private static TurnEnding Failed(string reason)
    {
        var ending = Failures.Failed(OfWords(reason) ?? FailureClass.Other, reason);
        return reason.StartsWith("Quota exceeded", StringComparison.Ordinal) ? ending with { Retryable = false } : ending; // waiting brings no money
    }

    /// <summary>Of two kinds: attempts that are repeated, and the last one, after which the turn fails.</summary>
    private static void Error(Draft<CommandState> draft, string text)
    {
        var @class = OfWords(text) ?? FailureClass.Other;
        if (!text.StartsWith("Reconnecting", StringComparison.Ordinal)) Turns.Erred(draft, @class, text);
        else if (@class is FailureClass.RateLimit or FailureClass.UsageLimit or FailureClass.Overloaded) draft.Say(new AgentEvent.Limit(@class, Bounded.Text(text, 1000), Rejected: false, null));
        else draft.Say(new AgentEvent.Trouble(@class, Bounded.Text(text, 1000)));
    }

    private static void Item(Draft<CommandState> draft, JsonElement item, bool isOver)
    {
        var id = item.Text("id");
        switch (item.Text("type"))
        {
            case "agent_message":
                if (isOver) Turns.Said(draft, item.Text("text"));
                break;
            case "reasoning":
                if (isOver) Turns.Thought(draft, item.Text("text"));
                break;
            case "error": draft.Say(new AgentEvent.Trouble(FailureClass.Other, Bounded.Text(item.Text("message") ?? "a warning", 1000))); break;
            case "command_execution":
                Turns.Called(draft, id, "commandExecution", Frame.Text(json => json.Words("command", Bounded.Text(item.Text("command") ?? ""))));
                if (isOver) Turns.Returned(draft, id, item.Text("aggregated_output") ?? "", HasFailed(item) || item.Whole("exit_code") is not (null or 0));
                break;
            case "file_change":
                Turns.Called(draft, id, "fileChange", Bounded.Json(item.At("changes")));
                if (isOver) Turns.Returned(draft, id, string.Join('\n', item.Items("changes").Select(c => $"{c.Text("kind") ?? "change"} {c.Text("path")}")), HasFailed(item));
                break;
            case "mcp_tool_call":
                Turns.Called(draft, id, $"{item.Text("server")}.{item.Text("tool")}", Bounded.Json(item.At("arguments")));
                if (isOver) Turns.Returned(draft, id, item.Text("error", "message") ?? Contents(item.At("result")), HasFailed(item) || item.At("error").Exists());
                break;
            case "web_search":
                Turns.Called(draft, id, "webSearch", Bounded.Json(item));
                if (isOver) Turns.Returned(draft, id, item.Text("query") ?? "", isError: false);
                break;
            default:
                Raw(draft, item);
                break;
        }
    }

    private static bool HasFailed(JsonElement item) => item.Text("status") is "failed" or "declined";

    private static string Contents(JsonElement result) => string.Join('\n', result.Items("content").Select(c => c.Text("text") ?? $"[{c.Text("type") ?? "?"}]"));

    /// <summary>Tells what the thread's total has grown by in this process; cached tokens are a part of the input. A thread that an earlier process began brings its tokens along.</summary>
    private static void Used(Draft<CommandState> draft, JsonElement usage)
    {
        var cached = usage.Whole("cached_input_tokens") ?? 0;
        var now = new TokenCount(Math.Max(0, (usage.Whole("input_tokens") ?? 0) - cached), usage.Whole("output_tokens") ?? 0, cached, usage.Whole("cache_write_input_tokens") ?? 0);
        var before = draft.State.Heard.Total;
        Turns.Hear(draft, h => h with { Total = now });
        Turns.Used(draft, new(Math.Max(0, now.Input - before.Input), Math.Max(0, now.Output - before.Output),
            Math.Max(0, now.CacheRead - before.CacheRead), Math.Max(0, now.CacheWrite - before.CacheWrite)), null);
    }

    [GeneratedRegex(@"\AMissing environment variable\b", RegexOptions.CultureInvariant)]
    private static partial Regex MissingKey();

    [GeneratedRegex(@"(, url: )?https?://\S+", RegexOptions.CultureInvariant)]
    private static partial Regex Address();

    [GeneratedRegex("high demand|at capacity", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Crowd();
}
