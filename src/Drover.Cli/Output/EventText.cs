using System.Globalization;
using System.Text.Json;

namespace Drover.Cli.Output;

/// <summary>An event as lines for a human.</summary>
internal static class EventText
{
    public static void Write(JsonElement happened, TextWriter output)
    {
        var type = happened.GetProperty("type").GetString() ?? "";
        var data = happened.GetProperty("data");
        var at = happened.GetProperty("at").GetDateTimeOffset().ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        switch (type)
        {
            case "text" or "thought":
                output.WriteLine($"{at}  {(type == "text" ? "" : "(thinks) ")}{Terminal.Plain(Member(data, "text")).ReplaceLineEndings("\n          ").TrimEnd()}");
                break;
            case "tool.called":
                output.WriteLine($"{at}  → {Member(data, "tool")} {Terminal.Line(Member(data, "input"), 160)}");
                break;
            case "tool.returned":
                output.WriteLine($"{at}  ← {Terminal.Line(Member(data, "output"), 160)}");
                break;
            case "usage" or "raw":
                break;
            default:
                output.WriteLine($"{at}  {type}  {string.Join(' ', data.EnumerateObject().Select(Short).Where(m => m.Length > 0))}");
                break;
        }
    }

    private static string Short(JsonProperty member) => member.Value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Object => "",
        JsonValueKind.Array => member.Value.GetArrayLength() == 0 ? "" : $"{member.Name}={Terminal.Line(member.Value.GetRawText(), 120)}",
        _ => $"{member.Name}={Terminal.Line(member.Value.ToString(), 160)}",
    };

    private static string Member(JsonElement data, string name) => !data.TryGetProperty(name, out var value) ? ""
        : value.ValueKind == JsonValueKind.String ? value.GetString() ?? "" : value.GetRawText();
}
