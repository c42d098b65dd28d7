using System.Globalization;
using System.Text.Json;

namespace Drover.Cli.Output;

/// <summary>The answer to <c>drover status</c> as text. Read member by member and not into records: this command is asked most often, and
/// that saves a third of its own time.</summary>
internal static class StatusText
{
    public static void Write(byte[] json, TextWriter output)
    {
        using var document = JsonDocument.Parse(json);
        var status = document.RootElement;
        var server = status.GetProperty("server");
        output.WriteLine($"server    {Text(server, "version")}, pid {server.GetProperty("pid").GetInt32().ToString(CultureInfo.InvariantCulture)}, {Text(server, "url")}");
        output.WriteLine($"home      {Text(server, "home")}");
        foreach (var project in status.GetProperty("projects").EnumerateArray()) WriteProject(project, output);
        WriteRuns(status.GetProperty("runs"), output);
        if (status.GetProperty("approvals").GetInt32() is > 0 and var asked)
            output.WriteLine($"inbox     {asked.ToString(CultureInfo.InvariantCulture)} {(asked == 1 ? "question waits" : "questions wait")} for your permission: drover inbox");
        foreach (var waiting in status.GetProperty("waiting").EnumerateArray())
            output.WriteLine($"waiting   {Text(waiting, "ticket")}  {Terminal.Line(Text(waiting, "text"), 100)}");
    }

    private static void WriteProject(JsonElement project, TextWriter output)
    {
        var stages = project.GetProperty("tickets").EnumerateObject().Where(s => s.Value.GetInt32() > 0)
            .Select(s => $"{s.Value.GetInt32().ToString(CultureInfo.InvariantCulture)} {s.Name}");
        var tickets = string.Join(", ", stages);
        output.WriteLine($"project   {Text(project, "id")}  {Terminal.Line(Text(project, "root"), 200)}  {(tickets.Length == 0 ? "no tickets" : tickets)}");
        if (project.TryGetProperty("warning", out var warning) && warning.GetString() is { } text) output.WriteLine($"warning   {Terminal.Line(text, 400)}");
    }

    private static void WriteRuns(JsonElement runs, TextWriter output)
    {
        if (runs.GetArrayLength() == 0)
        {
            output.WriteLine("runs      none");
            return;
        }

        output.WriteLine();
        var table = new Table("RUN", "TICKET", "AGENT", "STATUS", "COST", "ID");
        foreach (var run in runs.EnumerateArray())
            table.Add(Text(run, "name"), Text(run, "ticket"), Text(run, "agent"), Text(run, "status"), Cost(run.GetProperty("usage")), Text(run, "id"));
        table.Write(output);
    }

    private static string? Cost(JsonElement usage) => usage.GetProperty("usd") is not { ValueKind: JsonValueKind.Number } usd ? null
        : string.Create(CultureInfo.InvariantCulture, $"{usd.GetDecimal():0.00##} USD{(usage.GetProperty("basis").GetString() == "reported" ? "" : " (estimated)")}{(usage.GetProperty("partial").GetBoolean() ? " and more" : "")}");

    private static string Text(JsonElement of, string member) => of.GetProperty(member).GetString() ?? "";
}
