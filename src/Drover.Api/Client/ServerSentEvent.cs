using System.Text;

namespace Drover.Api;

/// <summary>One message of an event stream.</summary>
/// <param name="Type">The stream's own word: <c>event</c> (kept), <c>delta</c> (live only), <c>dropped</c> (too slow; go on from <see cref="Id"/>).</param>
/// <param name="Id">The cursor to go on from.</param>
public sealed record ServerSentEvent(string Type, string? Id, string Data)
{
    internal static IEnumerable<ServerSentEvent> ReadAll(Stream body)
    {
        using var lines = new StreamReader(body, Encoding.UTF8);
        string type = "message", data = "";
        string? id = null;
        while (lines.ReadLine() is { } line)
        {
            if (line.Length == 0)
            {
                if (data.Length > 0) yield return new(type, id, data);
                (type, data) = ("message", "");
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) data = data.Length == 0 ? line[6..] : $"{data}\n{line[6..]}";
            else if (line.StartsWith("event: ", StringComparison.Ordinal)) type = line[7..];
            else if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
        }
    }
}
