using System.Text;
using System.Text.Json;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Command;

/// <summary>Plain text: each line is said. The exit code alone tells success, unless all that was said is the report of an error.</summary>
internal sealed class TextDialect : IDialect
{
    public string Name => "text";

    public string? Agent => null;

    public IReadOnlyList<string> Command(bool sandboxed) =>
        ["claude", "-p", "--permission-mode", sandboxed ? "bypassPermissions" : "acceptEdits", "--", CommandLaunch.PromptMark];

    public IReadOnlyList<string> Inherits => ["ANTHROPIC_*", "CLAUDE_CODE_OAUTH_TOKEN", "CLAUDE_CODE_USE_*", "CLAUDE_CONFIG_DIR"];

    public IReadOnlyList<string> HomePaths => [".claude/", ".claude.json"];

    public bool Knows(JsonElement line) => false;

    public void Read(Draft<CommandState> draft, ReadOnlyMemory<byte> line)
    {
        Turns.Start(draft);
        var text = Encoding.UTF8.GetString(line.Span).TrimEnd();
        if (text.Length == 0) return;
        Turns.Said(draft, text);
        Turns.Hear(draft, h => h with { Lines = h.Lines + 1 });
    }

    public TurnEnding Judge(CommandState state, Input.Exited exited)
    {
        var (last, errors) = (state.Heard.LastText ?? "", exited.LastErrors.Trim());
        var reported = Reports.IsError(last, alone: state.Heard.Lines == 1);
        switch (exited.ExitCode)
        {
            case null or >= 126: return Failures.Ended(exited.ExitCode, errors, hadStarted: state.InTurn);
            case 0 when !reported: return TurnEnding.Succeeded;
            case 0: return Failures.Failed(Failures.OfText(last) ?? FailureClass.Other, last, Reports.ResetsAt(last));
        }

        var reason = errors.Length > 0 ? errors : last;
        var @class = (reported ? Failures.OfText(last) : null) ?? Reports.OfLastLine(errors) ?? FailureClass.Crashed;
        return Failures.Failed(@class, $"the program exited with {exited.ExitCode}{(reason.Length > 0 ? $": {reason}" : "")}", Reports.ResetsAt(last) ?? Reports.ResetsAt(errors));
    }
}
