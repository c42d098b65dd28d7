using System.Text.Json;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Command;

/// <summary>JSON lines in Drover's own words, so that any program can be made to speak to it: the types and members of the journal's events. Lines of other types
/// are kept as they are. The exit code tells success, unless a line told of the end before.</summary>
internal sealed class LinesDialect : JsonDialect
{
    public override string Name => "json";

    public override string? Agent => null;

    public override IReadOnlyList<string> Command(bool sandboxed) => [];

    /// <summary>Its words are not its own: other dialects have some of them.</summary>
    public override bool Knows(JsonElement line) => false;

    protected override void Read(Draft<CommandState> draft, JsonElement line)
    {
        Turns.Start(draft);
        switch (line.Text("type"))
        {
            case "conversation.started": Turns.Conversation(draft, line.Text("conversation"), line.Text("model")); break;
            case "delta": Turns.Grow(draft, line.Text("text")); break;
            case "text": Turns.Said(draft, line.Text("text")); break;
            case "thought": Turns.Thought(draft, line.Text("text")); break;
            case "tool.called": Turns.Called(draft, line.Text("call"), line.Text("tool") ?? "tool", Bounded.Json(line.At("input"))); break;
            case "tool.returned": Turns.Returned(draft, line.Text("call"), line.Text("output") ?? "", line.Flag("error")); break;
            case "usage":
                Turns.Used(draft, new(Count(line, "input"), Count(line, "output"), Count(line, "cacheRead"), Count(line, "cacheWrite")), line.Money("usd"));
                break;
            case "trouble": Turns.Erred(draft, Class(line), line.Text("text") ?? "an error without words"); break;
            case "limit": draft.Say(new AgentEvent.Limit(Class(line), Bounded.Text(line.Text("text") ?? "a limit", 1000), line.Flag("rejected"), At(line))); break;
            case "turn.ended": Turns.End(draft, Ending(line)); break;
            default: Raw(draft, line); break;
        }
    }

    public override TurnEnding Judge(CommandState state, Input.Exited exited) => exited.ExitCode switch
    {
        0 => TurnEnding.Succeeded,
        null or >= 126 => Failures.Ended(exited.ExitCode, exited.LastErrors, hadStarted: state.InTurn),
        _ when state.Heard is { Error: { } error, ErrorClass: { } @class } => Failures.Failed(@class, error),
        var code => Failures.Failed(Reports.OfLastLine(exited.LastErrors) ?? FailureClass.Crashed, $"the program exited with {code}: {exited.LastErrors.Trim()}".TrimEnd(' ', ':')),
    };

    private static TurnEnding Ending(JsonElement line)
    {
        var reason = line.Text("reason") is { Length: > 0 } told ? told : "the program said that its turn has ended";
        return line.Text("outcome") switch
        {
            "succeeded" => TurnEnding.Succeeded,
            "interrupted" => Failures.Interrupted,
            "failed" => Failures.Failed(Class(line, reason), reason, At(line)),
            var other => Failures.Failed(FailureClass.Protocol, $"the turn ended with the unknown outcome '{other}'"),
        };
    }

    private static FailureClass Class(JsonElement line, string? reason = null) =>
        (line.Text("class") is { } word ? Words.TryParse<FailureClass>(word) : null) ?? Failures.OfText(reason ?? line.Text("text")) ?? FailureClass.Other;

    private static DateTimeOffset? At(JsonElement line) => DateTimeOffset.TryParse(line.Text("resetsAt"), System.Globalization.CultureInfo.InvariantCulture, out var at) ? at : null;

    private static long Count(JsonElement line, string name) => Math.Max(0, line.Whole(name) ?? 0);
}
