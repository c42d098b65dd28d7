using System.Text.Json;

namespace Drover.Rehearsal.Model.Chat;

internal static class ChatHistory
{
    // With this Qwen Code lets the model take notes after a turn, and offers tools for it.
    private const string TakeNotes = "Managed memory directory: ";

    // What CLIs write into user messages themselves.
    private static readonly string[] NotSaidByTheUser =
        ["<system-reminder>", "The conversation history before this point was compacted", "This is the Qwen Code. We are setting up the context", TakeNotes];

    public static bool IsErrand(JsonElement messages) => TextsOf(messages, "user").Any(text => text.StartsWith(TakeNotes, StringComparison.Ordinal));

    public static History Read(JsonElement messages)
    {
        var reader = new HistoryReader();
        foreach (var message in messages.EnumerateArray())
        {
            var texts = message.TryGetProperty("content", out var content) ? Texts(content) : [];
            switch (message.GetProperty("role").GetString())
            {
                case "user":
                    var said = string.Join('\n', texts.Where(text => !NotSaidByTheUser.Any(start => text.TrimStart().StartsWith(start, StringComparison.Ordinal))));
                    if (said != "") reader.Said(said);
                    break;
                case "assistant":
                    reader.TurnEnded();
                    if (message.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array)
                        foreach (var _ in calls.EnumerateArray()) reader.Called();
                    break;
                case "tool":
                    reader.Returned(string.Join('\n', texts));
                    break;
                case "system" or "developer":
                    break;
                case var role:
                    throw new JsonException($"no message has the role {role}");
            }
        }

        return reader.History;
    }

    public static IEnumerable<string> TextsOf(JsonElement messages, params string[] roles) =>
        messages.EnumerateArray().Where(message => roles.Contains(message.GetProperty("role").GetString())).SelectMany(message => Texts(message.GetProperty("content")));

    private static IEnumerable<string> Texts(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => [content.GetString()!],
        JsonValueKind.Array => content.EnumerateArray().Where(part => part.TryGetProperty("text", out _)).Select(part => part.GetProperty("text").GetString()!),
        _ => [],
    };
}
