using System.Text.Json;

namespace Drover.Rehearsal.Agent;

/// <summary>A conversation as it is kept on disk, <c>STATE/ID.jsonl</c>: a first line with id and working directory, then one line per message taken up
/// (<c>prompt</c> and <c>steer</c> exactly as received, <c>assistant</c> as said), each flushed before the agent goes on. It is what resuming reads
/// and what tests look at.</summary>
internal sealed class Conversation
{
    private readonly string? file;
    private readonly List<string> prompts = [];
    private readonly List<(string Role, string Text)> history = [];

    private Conversation(string id, string? file)
    {
        Id = id;
        this.file = file;
    }

    public string Id { get; }

    public IReadOnlyList<string> Prompts => prompts;

    public IReadOnlyList<(string Role, string Text)> History => history;

    /// <summary>Null when the id is in use already.</summary>
    public static Conversation? Begin(string state, string id, string workingDirectory, TextWriter complaints)
    {
        var file = PathOf(state, id);
        if (File.Exists(file)) return null;
        try
        {
            Directory.CreateDirectory(state);
            var begun = new Conversation(id, file);
            begun.Append(json =>
            {
                json.WriteString("conversation", id);
                json.WriteString("cwd", workingDirectory);
            });
            return begun;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A home that cannot be written to is no reason not to work; only resuming is lost.
            complaints.WriteLine($"The conversation is not kept, {state} cannot be written: {e.Message}");
            return new Conversation(id, null);
        }
    }

    /// <summary>A copy under an id of its own; the original stays as it is. Null when there is no such conversation in that working directory, or the id is in use.</summary>
    public static Conversation? Fork(string state, string original, string id, string workingDirectory, TextWriter complaints)
    {
        if (Resume(state, original, workingDirectory) is not { } from || Begin(state, id, workingDirectory, complaints) is not { } copy) return null;
        foreach (var (role, text) in from.history) copy.Keep(role, text, null);
        return copy;
    }

    /// <summary>Null when there is no such conversation in that working directory.</summary>
    public static Conversation? Resume(string state, string id, string workingDirectory)
    {
        var file = PathOf(state, id);
        if (!File.Exists(file)) return null;

        var resumed = new Conversation(id, file);
        foreach (var line in File.ReadLines(file).Where(line => line.Length > 0))
        {
            if (!TryParse(line, out var record)) continue;
            using (record)
            {
                if (record.RootElement.TryGetProperty("cwd", out var cwd))
                {
                    if (cwd.GetString() != workingDirectory) return null;
                }
                else
                {
                    resumed.Remember(record.RootElement.GetProperty("role").GetString()!, record.RootElement.GetProperty("text").GetString()!);
                }
            }
        }

        return resumed;
    }

    public void Took(string role, UserMessage message) => Keep(role, message.Text, message.Uuid);

    public void Said(string text) => Keep("assistant", text, null);

    private void Keep(string role, string text, string? uuid)
    {
        Remember(role, text);
        Append(json =>
        {
            json.WriteString("role", role);
            json.WriteString("text", text);
            if (uuid is not null) json.WriteString("uuid", uuid);
        });
    }

    private static string PathOf(string state, string id) => Path.Combine(state, string.Concat(id.Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')) + ".jsonl");

    /// <summary>A process that was killed while it wrote leaves half a line; it counts for nothing.</summary>
    private static bool TryParse(string line, out JsonDocument record)
    {
        try
        {
            record = JsonDocument.Parse(line);
            return true;
        }
        catch (JsonException)
        {
            record = null!;
            return false;
        }
    }

    private void Remember(string role, string text)
    {
        history.Add((role, text));
        if (role == "prompt") prompts.Add(text);
    }

    private void Append(Action<Utf8JsonWriter> body)
    {
        if (file is null) return;
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            body(json);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        using var stream = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        stream.Write(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
