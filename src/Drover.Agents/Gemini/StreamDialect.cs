using System.Text.Json;
using Drover.Agents.Command;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Gemini;

/// <summary>The JSON lines of <c>gemini -o stream-json</c>: one turn that ends with a result. Without one the exit code tells more than for other programs.</summary>
internal sealed class StreamDialect : JsonDialect
{
    public override string Name => "gemini";

    public override string? Agent => "gemini";

    public override IReadOnlyList<string> Command(bool sandboxed) =>
        ["gemini", "-o", "stream-json", "--skip-trust", "--approval-mode", sandboxed ? "yolo" : "auto_edit", "-p", CommandLaunch.PromptMark];

    public override IReadOnlyList<string> Inherits => ["GEMINI_*", "GOOGLE_*"];

    public override IReadOnlyList<string> HomePaths => [".gemini/"];

    public override bool Knows(JsonElement line) => line.Text("type") switch
    {
        "init" => line.Text("session_id") is not null,
        "message" => line.Text("role") is "user" or "assistant" && line.At("content").Exists(),
        "tool_use" => line.Text("tool_id") is not null,
        "tool_result" => line.Text("tool_id") is not null,
        "result" => line.Text("status") is "success" or "error",
        "error" => line.Text("severity") is not null,
        _ => false,
    };

    protected override void Read(Draft<CommandState> draft, JsonElement line)
    {
        switch (line.Text("type"))
        {
            case "init": Turns.Conversation(draft, line.Text("session_id"), line.Text("model")); break;
            case "message" when line.Text("role") == "user": break;
            case "message" when line.Flag("delta"): Turns.Grow(draft, line.Text("content")); break;
            case "message": Turns.Said(draft, line.Text("content")); break;
            case "tool_use": Turns.Called(draft, line.Text("tool_id"), line.Text("tool_name") ?? "tool", Bounded.Json(line.At("parameters"))); break;
            case "tool_result":
                Turns.Returned(draft, line.Text("tool_id"), line.Text("output") ?? line.Text("error", "message") ?? "", line.Text("status") == "error");
                break;
            case "error": Error(draft, line.Text("severity"), line.Text("message") ?? "an error without a message"); break;
            case "result": Result(draft, line); break;
            default: Raw(draft, line); break;
        }
    }

    public override TurnEnding Judge(CommandState state, Input.Exited exited)
    {
        if (GeminiErrors.OfExit(exited.ExitCode) is not { } @class) return base.Judge(state, exited);
        var errors = exited.LastErrors.Trim();
        // A quota comes with the status of a rate limit, and is worse.
        if (@class == FailureClass.RateLimit && Failures.OfText(errors) == FailureClass.UsageLimit) @class = FailureClass.UsageLimit;
        return Failures.Failed(@class, $"the agent's process exited with {exited.ExitCode}{(errors.Length == 0 ? "" : $": {errors}")}");
    }

    /// <summary>What makes the agent stop is an error, whatever it calls it.</summary>
    private static void Error(Draft<CommandState> draft, string? severity, string text)
    {
        var @class = GeminiErrors.OfWords(text);
        if (severity != "warning" || GeminiErrors.Stops(text)) Turns.Erred(draft, @class, text);
        else draft.Say(new AgentEvent.Trouble(@class, Bounded.Text(text, 1000)));
    }

    private static void Result(Draft<CommandState> draft, JsonElement line)
    {
        Turns.CloseText(draft);
        var stats = line.At("stats");
        var cached = stats.Whole("cached") ?? 0;
        Turns.Used(draft, new(Math.Max(0, (stats.Whole("input_tokens") ?? 0) - cached), stats.Whole("output_tokens") ?? 0, cached), null);
        Turns.End(draft, Judge(draft.State.Heard, line));
    }

    private static TurnEnding Judge(Heard heard, JsonElement line)
    {
        if (line.Text("status") != "success" || line.At("error").Exists())
        {
            var reason = line.Text("error", "message") is { Length: > 0 } message ? message : "the agent reports an error without a message";
            return Failures.Failed(GeminiErrors.OfType(line.Text("error", "type")) ?? GeminiErrors.OfWords(reason), reason);
        }

        if (heard is { Error: { } error, ErrorClass: { } @class }) return Failures.Failed(@class, error);
        return heard.LastText is { } text && Reports.IsError(text, alone: heard.Called.Count == 0) ? Failures.Failed(GeminiErrors.OfWords(text), text) : TurnEnding.Succeeded;
    }
}
