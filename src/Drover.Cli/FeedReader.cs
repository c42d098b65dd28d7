using System.Text.Json;
using Drover.Api;
using Drover.Cli.Parsing;

namespace Drover.Cli;

/// <summary>Reads the feed from a place on. When the server has cut us off for being slow, it goes on where it was.</summary>
internal sealed class FeedReader(ApiClient server, string after, bool follow, params (string Name, string? Value)[] filter)
{
    /// <summary>Each event's JSON. Ends at the present, or never when following.</summary>
    /// <exception cref="CommandFailedException">The server stopped; the message holds the place to go on from.</exception>
    public IEnumerable<string> Lines()
    {
        var cursor = after;
        for (; ; )
        {
            var end = follow ? "broken" : null;
            foreach (var message in server.Follow(Query.Of("/api/v1/events", [("after", cursor), ("follow", follow ? "true" : "false"), .. filter])))
            {
                if (message.Type == "end") end = Reason(message.Data);
                else yield return message.Data;
                cursor = message.Id ?? cursor;
            }

            if (end is null or "settled") yield break;
            if (end != "slow") throw new CommandFailedException($"the feed ended ({end}); go on later with --after {cursor}");
        }
    }

    private static string Reason(string data)
    {
        using var json = JsonDocument.Parse(data);
        return json.RootElement.GetProperty("reason").GetString() ?? "ended";
    }
}
