using System.Text.Json;

namespace Drover.Rehearsal.Model.Anthropic;

internal static class MessagesHistory
{
    private const string Steer = "The user sent a new message while you were working";

    // What it puts in when it resumes a conversation that was broken off.
    private const string Continue = "Continue from where you left off.";

    // What the CLI writes into user messages itself.
    private static readonly string[] NotSaidByTheUser = ["<system-reminder>", "<local-command-", "<command-", "[Request interrupted by user", Continue];

    public static History Read(JsonElement messages)
    {
        var reader = new HistoryReader();
        foreach (var message in messages.EnumerateArray())
        {
            var role = message.GetProperty("role").GetString();
            foreach (var (type, text) in Blocks(message.GetProperty("content")))
            {
                if (type == "tool_use") reader.Called();
                if (role == "user" && type == "text" && !NotSaidByTheUser.Any(start => text.TrimStart().StartsWith(start, StringComparison.Ordinal))) reader.Prompt(text);
                else if (role != "assistant" && text.Contains(Steer, StringComparison.Ordinal)) reader.Steer(text[text.IndexOf(Steer, StringComparison.Ordinal)..]);
            }
        }

        return reader.History;
    }

    /// <summary>The type and text of each block; a tool's result counts with its text, in which a steer may stand.</summary>
    private static IEnumerable<(string Type, string Text)> Blocks(JsonElement content)
    {
        if (content.ValueKind == JsonValueKind.String) return [("text", content.GetString()!)];
        return content.EnumerateArray().Select(block =>
        {
            var type = block.GetProperty("type").GetString()!;
            var text = type switch
            {
                "text" => block.GetProperty("text").GetString()!,
                "tool_result" when block.TryGetProperty("content", out var result) => result.ToString(),
                _ => "",
            };
            return (type, text);
        });
    }
}
