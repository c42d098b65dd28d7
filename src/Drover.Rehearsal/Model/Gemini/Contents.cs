using System.Text.Json;

namespace Drover.Rehearsal.Model.Gemini;

/// <summary>What the CLI tells of the conversation so far.</summary>
/// <param name="Texts">Of all that stands under the user's name.</param>
internal sealed record Contents(History History, IReadOnlyList<string> Texts)
{
    // What CLIs write into user messages themselves.
    private static readonly string[] NotSaidByTheUser =
        ["<session_context>", "<loaded_context>", "<hook_context>", "<state_snapshot>", "<system-reminder>", "System: ", "The conversation history before this point was compacted"];

    public static Contents Read(JsonElement contents)
    {
        var reader = new HistoryReader();
        var texts = new List<string>();
        foreach (var content in contents.EnumerateArray())
        {
            if (content.TryGetProperty("role", out var role) && role.ValueEquals("model")) Model(content, reader);
            else
            {
                texts.AddRange(TextsOf(content));
                User(content, reader);
            }
        }

        return new Contents(reader.History, texts);
    }

    public static IReadOnlyList<string> TextsOf(JsonElement content) => content.ValueKind == JsonValueKind.String
        ? [content.GetString()!]
        : [.. content.GetProperty("parts").EnumerateArray().Where(part => part.TryGetProperty("text", out _)).Select(part => part.GetProperty("text").GetString()!)];

    private static void Model(JsonElement content, HistoryReader reader)
    {
        reader.TurnEnded();
        foreach (var part in content.GetProperty("parts").EnumerateArray())
            if (part.TryGetProperty("functionCall", out _)) reader.Called();
    }

    private static void User(JsonElement content, HistoryReader reader)
    {
        foreach (var part in content.GetProperty("parts").EnumerateArray())
            if (part.TryGetProperty("functionResponse", out var response)) reader.Returned(response.ToString());

        var said = string.Join('\n', TextsOf(content).Where(text => !NotSaidByTheUser.Any(start => text.TrimStart().StartsWith(start, StringComparison.Ordinal))));
        if (said != "") reader.Said(said);
    }
}
