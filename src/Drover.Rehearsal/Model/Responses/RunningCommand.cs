using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Drover.Rehearsal.Model.Responses;

/// <summary>Codex gives a command that runs for long back to the model before its end, which must then ask for the rest.</summary>
internal static partial class RunningCommand
{
    public const string ToolName = "write_stdin";

    /// <returns>The session under which the command goes on, or null when it has ended.</returns>
    public static int? SessionIn(string output) =>
        Told().Match(output) is { Success: true } found ? int.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture) : null;

    public static ToolCall Await(int session) =>
        new(ToolName, new JsonObject { ["session_id"] = session, ["chars"] = "", ["yield_time_ms"] = 300_000 }.ToJsonString());

    [GeneratedRegex(@"^Process running with session ID (\d{1,9})\r?$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Told();
}
