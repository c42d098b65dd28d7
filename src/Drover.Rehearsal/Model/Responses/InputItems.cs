using System.Text.Json;

namespace Drover.Rehearsal.Model.Responses;

/// <summary>What the CLI tells of the conversation so far.</summary>
/// <param name="Texts">Of all messages.</param>
/// <param name="Running">The session of a command that has not ended, or null.</param>
/// <param name="Summary">What to answer when the conversation is to be summed up, or null.</param>
internal sealed record InputItems(History History, IReadOnlyList<string> Texts, int? Running, string? Summary)
{
    private const string Aborted = "<turn_aborted>";
    private const string SumUp = "You are performing a CONTEXT CHECKPOINT COMPACTION";
    private const string SummedUp = "Another language model started to solve this problem";

    // What CLIs write into user messages themselves.
    private static readonly string[] NotSaidByTheUser =
    [
        "<environment_context>", "<user_instructions>", "# AGENTS.md instructions", "<skill>", "<subagent_notification>", "<user_shell_command>", "<system-reminder>",
        Aborted, SumUp, SummedUp, "The conversation history before this point was compacted",
    ];

    public static InputItems Read(JsonElement input)
    {
        var reader = new HistoryReader();
        var texts = new List<string>();
        int? running = null;
        string? summary = null;
        if (input.ValueKind == JsonValueKind.String) reader.Said(input.GetString()!);
        else
        {
            foreach (var item in input.EnumerateArray())
            {
                switch (item.TryGetProperty("type", out var type) ? type.GetString() : "message")
                {
                    case "message":
                        var parts = TextsOf(item.GetProperty("content"));
                        texts.AddRange(parts);
                        Message(item.GetProperty("role").GetString()!, parts, reader);
                        if (parts.Any(text => text.StartsWith(SumUp, StringComparison.Ordinal))) summary = reader.Bookmark.Summary;
                        break;
                    case "function_call" or "custom_tool_call" or "local_shell_call":
                        if (!IsWaiting(item)) reader.Called();
                        break;
                    case "function_call_output" or "custom_tool_call_output":
                        var result = string.Join('\n', TextsOf(item.GetProperty("output")));
                        running = RunningCommand.SessionIn(result);
                        reader.Returned(result);
                        break;
                }
            }
        }

        return new InputItems(reader.History, texts, running, summary);
    }

    private static bool IsWaiting(JsonElement call) => call.TryGetProperty("name", out var name) && name.ValueEquals(RunningCommand.ToolName);

    private static void Message(string role, IReadOnlyList<string> texts, HistoryReader reader)
    {
        if (role == "assistant") reader.TurnEnded();
        if (role != "user") return;
        if (texts.Any(text => text.StartsWith(Aborted, StringComparison.Ordinal))) reader.TurnEnded();
        if (texts.FirstOrDefault(text => text.StartsWith(SummedUp, StringComparison.Ordinal)) is { } summary && Bookmark.In(summary) is { } bookmark) reader.GoOn(bookmark);
        var said = texts.Where(text => !NotSaidByTheUser.Any(start => text.TrimStart().StartsWith(start, StringComparison.Ordinal)));
        if (string.Join('\n', said) is { Length: > 0 } text) reader.Said(text);
    }

    private static List<string> TextsOf(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => [content.GetString()!],
        JsonValueKind.Array => [.. content.EnumerateArray().Where(part => part.TryGetProperty("text", out _)).Select(part => part.GetProperty("text").GetString()!)],
        _ => [],
    };
}
