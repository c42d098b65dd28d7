using System.Globalization;
using System.Text.Json;
using Drover.Api;

namespace Drover.Server.Demo;

/// <summary>An event as a few words for somebody who watches.</summary>
internal static class DemoWords
{
    public static string? Of(EventJson happened) => happened.Type switch
    {
        "ticket.added" => $"filed: {Member(happened, "title")}",
        "ticket.blocked" => $"blocked: {Member(happened, "reason")}",
        "run.reserved" => $"{Member(happened, "agent")} takes it, as {Member(happened, "name")}",
        "worktree.made" => $"worktree on {Member(happened, "branch")}",
        "run.live" => "the agent is at work",
        "thought" => $"thinks: {Member(happened, "text")}",
        "text" => $"says: {Member(happened, "text")}",
        "tool.called" => $"{Member(happened, "tool")} {Input(Member(happened, "input"))}",
        "trouble" or "limit" => $"{happened.Type}: {Member(happened, "text")}{Member(happened, "reason")}",
        "run.settled" => $"the run {Member(happened, "outcome")}, {Count(Member(happened, "commits"), "commit")}: {Member(happened, "reason")}",
        "landing.made" => $"merged with {Member(happened, "target")} as objects only: tree {Short(Member(happened, "tree"))}",
        "gate.started" => $"gate '{Member(happened, "gate")}' runs on that tree",
        "gate.passed" => $"gate '{Member(happened, "gate")}' passed in {Seconds(Member(happened, "milliseconds"))}",
        "gate.failed" => $"gate '{Member(happened, "gate")}' failed (exit code {Member(happened, "exitCode")})",
        "landing.raced" => "the target moved meanwhile: it is tested again",
        "landing.conflict" => $"conflict in {Member(happened, "files")}",
        "landing.failed" => $"does not land: {Member(happened, "reason")}",
        "landing.waits" => $"waits: {Member(happened, "why")}",
        "ticket.moved" when Member(happened, "to") == "done" => Member(happened, "reason"),
        _ => null,
    };

    /// <summary>Empty when the event has no such member.</summary>
    public static string Member(EventJson happened, string name) =>
        happened.Data.ValueKind != JsonValueKind.Object || !happened.Data.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? ""
        : value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    public static string Count(string number, string what) => number == "1" ? $"1 {what}" : $"{number} {what}s";

    private static string Short(string sha) => sha.Length > 10 ? sha[..10] : sha;

    private static string Seconds(string milliseconds) => long.TryParse(milliseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
        ? (n / 1000.0).ToString("0.0", CultureInfo.InvariantCulture) + " s" : milliseconds;

    /// <summary>Of a tool's arguments what tells most: the command or the file.</summary>
    private static string Input(string input)
    {
        try
        {
            using var json = JsonDocument.Parse(input);
            foreach (var name in new[] { "command", "file_path", "path" })
                if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(name, out var value)) return name == "command" ? value.ToString() : Path.GetFileName(value.ToString());
        }
        catch (JsonException)
        {
            // Cut off, or never JSON: shown as it is.
        }

        return input;
    }
}
