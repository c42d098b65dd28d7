using System.Text.Json;
using Drover.Agents.Command;
using Drover.Agents.Wire;

namespace Drover.Agents.OpenCode;

/// <summary>The JSON lines of <c>opencode run --format json</c>. No line ends the turn: the process does, and the last answer's reason to stop tells how.</summary>
internal sealed class RunDialect : JsonDialect
{
    public override string Name => "opencode";

    public override string? Agent => "opencode";

    public override IReadOnlyList<string> Command(bool sandboxed) => ["opencode", "run", "--format", "json", "--", CommandLaunch.PromptMark];

    public override IReadOnlyList<string> Inherits => ["OPENCODE_*", "OPENAI_*", "ANTHROPIC_*", "GEMINI_*"];

    public override IReadOnlyList<string> HomePaths => [".config/opencode/", ".local/share/opencode/", ".local/state/opencode/", ".cache/opencode/"];

    public override bool Knows(JsonElement line) => line.Text("sessionID") is not null
        && line.Text("type") is "step_start" or "step_finish" or "text" or "reasoning" or "tool_use" or "error";

    protected override void Read(Draft<CommandState> draft, JsonElement line)
    {
        Turns.Conversation(draft, line.Text("sessionID"), null);
        var part = line.At("part");
        switch (line.Text("type"))
        {
            case "step_start": Turns.Hear(draft, h => h with { StepOpen = true }); break;
            case "text": Turns.Said(draft, part.Text("text")); break;
            case "reasoning": Turns.Thought(draft, part.Text("text")); break;
            case "tool_use": Tool(draft, part); break;
            case "step_finish": Finish(draft, part); break;
            case "error": Turns.Erred(draft, OpenCodeFacts.Class(line.At("error")), OpenCodeFacts.Reason(line.At("error"))); break;
            default: Raw(draft, line); break;
        }
    }

    public override TurnEnding Judge(CommandState state, Input.Exited exited)
    {
        var heard = state.Heard;
        if (exited.ExitCode is not (null or 0)) return base.Judge(state, exited);
        if (heard is { Error: { } error, ErrorClass: { } @class }) return Failures.Failed(@class, error);
        return (heard.StepOpen ? null : OpenCodeFacts.OfFinish(heard.Finish, heard.Denied)) ?? base.Judge(state, exited);
    }

    /// <summary>A call is told when it is over.</summary>
    private static void Tool(Draft<CommandState> draft, JsonElement part)
    {
        var (id, state) = (part.Text("callID"), part.At("state"));
        Turns.Called(draft, id, part.Text("tool") ?? "tool", Bounded.Json(state.At("input")));
        Turns.Returned(draft, id, OpenCodeFacts.Output(state), OpenCodeFacts.HasFailed(state));
        Turns.Hear(draft, h => h with { Denied = OpenCodeFacts.Denied(state) });
    }

    private static void Finish(Draft<CommandState> draft, JsonElement part)
    {
        var id = part.Text("id") is { } told ? Bounded.Id(told) : null;
        var isRepeated = id is not null && id == draft.State.Heard.Counted;
        Turns.Hear(draft, h => h with { StepOpen = false, Finish = part.Text("reason"), Counted = id });
        if (!isRepeated) Turns.Used(draft, OpenCodeFacts.Tokens(part.At("tokens")), part.Money("cost"));
    }
}
