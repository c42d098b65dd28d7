using System.Text.Json;

namespace Drover.Rehearsal.Model;

/// <summary>Where a conversation stands, read from nothing but the messages of one request: so retries, restarts and parallel conversations cannot get out of step.</summary>
/// <param name="Prompts">What the user has asked, oldest first. What the CLI adds of its own is not among it.</param>
/// <param name="ToolCalls">How many tools the model has called since the last prompt.</param>
/// <param name="UserMessages">All that the user has said, with the steers that were slipped in during a turn, as the request has it.</param>
internal sealed record History(IReadOnlyList<string> Prompts, int ToolCalls, IReadOnlyList<string> UserMessages)
{
    private const string Steer = "The user sent a new message while you were working";

    // What it puts in when it resumes a conversation that was broken off.
    private const string Continue = "Continue from where you left off.";

    // What the CLI writes into user messages itself.
    private static readonly string[] NotSaidByTheUser = ["<system-reminder>", "<local-command-", "<command-", "[Request interrupted by user", Continue];

    public static History Read(JsonElement messages)
    {
        var prompts = new List<string>();
        var said = new List<string>();
        var calls = 0;
        foreach (var message in messages.EnumerateArray())
        {
            var role = message.GetProperty("role").GetString();
            var isUser = role == "user";
            foreach (var (type, text) in Blocks(message.GetProperty("content")))
            {
                if (type == "tool_use") calls++;
                if (isUser && type == "text" && !NotSaidByTheUser.Any(start => text.TrimStart().StartsWith(start, StringComparison.Ordinal)))
                {
                    prompts.Add(text);
                    said.Add(text);
                    calls = 0;
                }
                else if (role != "assistant" && text.Contains(Steer, StringComparison.Ordinal))
                {
                    said.Add(text[text.IndexOf(Steer, StringComparison.Ordinal)..]);
                }
            }
        }

        return new History(prompts, calls, said);
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
