using System.Text.Json;

namespace Drover.Server.Conformance;

/// <summary>What the model server was asked: the other end of what an agent says it did.</summary>
internal static class ModelLog
{
    /// <summary>The requests of the agent's own work, oldest first, each with all that the user had said by then.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Requests(string file)
    {
        if (!File.Exists(file)) return [];
        using var log = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        var requests = new List<IReadOnlyList<string>>();
        while (log.ReadLine() is { } line)
        {
            if (TryRead(line) is { } said) requests.Add(said);
        }

        return requests;
    }

    private static List<string>? TryRead(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            return root.GetProperty("event").GetString() == "request" && root.GetProperty("kind").GetString() == "main"
                ? [.. root.GetProperty("user_messages").EnumerateArray().Select(m => m.GetString()!)] : null;
        }
        catch (JsonException)
        {
            // The last line may be half written yet; the next look finds it whole.
            return null;
        }
    }
}
