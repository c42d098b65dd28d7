using System.Globalization;
using System.Text;
using Drover.Api;
using Drover.Server.Verbs;

namespace Drover.Server.Demo;

/// <summary>How the demo ended: for a human, or as one object.</summary>
/// <param name="Why">What keeps each ticket that is not done, by its key.</param>
/// <param name="Page">Null when the server does not run any more.</param>
internal sealed record DemoReport(
    DemoPlace Place, DemoOptions Options, DemoVerdict Verdict, IReadOnlyList<DemoTicket> Tickets, IReadOnlyList<RunJson> Runs, IReadOnlyDictionary<string, string> Why, string? Page)
{
    /// <summary>How the command line is called from where the user stands.</summary>
    private static string Drover => Environment.GetEnvironmentVariable("DROVER_COMMAND") is { Length: > 0 } set ? set : "drover";

    public string Text()
    {
        var text = new StringBuilder("\n");
        if (Verdict.IsGood)
            text.Append(CultureInfo.InvariantCulture, $"{SampleFiles.Branch} holds all {Tickets.Count}, and the tests pass on a clean checkout of {Verdict.Main.Short} ({Seconds(Verdict.Took!.Value)})\n\n");
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"This is not how it should end:\n");
            foreach (var problem in Verdict.Problems) text.Append(CultureInfo.InvariantCulture, $"  {problem}\n");
            foreach (var (key, why) in Why) text.Append(CultureInfo.InvariantCulture, $"  {key}: {Printable.Line(why, 1000)}\n");
            text.Append(CultureInfo.InvariantCulture, $"  the server's log: {Place.Home.LogFile}\n\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"  {"run",-14} {"ticket",-8} {"outcome",-12} {"commits",8} {"files",6} {"lines",7} {"tokens in",10} {"out",7} {"cost",8} {"took",7}\n");
        foreach (var run in Runs) text.Append(Row(run));
        text.Append(CultureInfo.InvariantCulture, $"  {Cost()}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"repository  {Place.Repository}   (git -C {Place.Repository} log --graph --oneline)\n");
        Further(text);
        return text.ToString();
    }

    public string Json() => JsonLine.Object(json =>
    {
        json.WriteBoolean("ok", Verdict.IsGood);
        json.WriteString("agent", Options.Agent ?? "scripted");
        json.WriteBoolean("live", Options.Cast == DemoCast.Live);
        json.WriteString("repository", Place.Repository);
        json.WriteString("home", Place.Home.Path);
        json.WriteString("page", Page);
        json.WriteString("main", Verdict.Main.Value);
        json.WriteStartArray("problems");
        foreach (var problem in Verdict.Problems) json.WriteStringValue(problem);
        json.WriteEndArray();
        json.WriteStartArray("tickets");
        foreach (var ticket in Tickets)
        {
            json.WriteStartObject();
            json.WriteString("key", ticket.Key);
            json.WriteString("title", ticket.Task.Title);
            json.WriteString("stage", ticket.Stage);
            json.WriteString("why", Why.GetValueOrDefault(ticket.Key));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WritePropertyName("runs");
        json.WriteRawValue(System.Text.Json.JsonSerializer.Serialize(Runs, ApiJson.Default.IReadOnlyListRunJson));
    });

    private void Further(StringBuilder text)
    {
        var drover = $"DROVER_HOME={Place.Home.Path} {Drover}";
        if (Page is null)
        {
            text.Append(CultureInfo.InvariantCulture, $"clean up    rm -rf {Place.Top}   (no server runs any more)\n");
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"page        {Page}\n            (opens once, within a minute; later: {drover} open)\n");
        text.Append(CultureInfo.InvariantCulture, $"look        {drover} logs {Runs.FirstOrDefault()?.Name ?? "RUN"}\n            {drover} ticket show {Tickets[0].Key}\n");
        text.Append(CultureInfo.InvariantCulture, $"clean up    {drover} down && rm -rf {Place.Top}\n            (the server stays up until then)\n");
    }

    private static string Row(RunJson run)
    {
        var took = run.EndedAt is { } end && run.StartedAt is { } start ? Seconds(end - start) : "";
        var cost = run.Usage.Usd is { } usd ? usd.ToString("$0.000", CultureInfo.InvariantCulture) : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"  {run.Name,-14} {run.Ticket,-8} {run.Outcome ?? run.State,-12} {run.Work?.Commits ?? 0,8} {run.Work?.Files ?? 0,6} {"+" + (run.Work?.Insertions ?? 0).ToString(CultureInfo.InvariantCulture),7} {run.Usage.Input + run.Usage.CacheRead + run.Usage.CacheWrite,10} {run.Usage.Output,7} {cost,8} {took,7}\n");
    }

    private string Cost() => Options.Cast switch
    {
        DemoCast.Live when Runs.All(r => r.Usage.Usd is null) => "the agent does not tell what it cost: see your plan or your vendor's bill",
        DemoCast.Live => string.Create(CultureInfo.InvariantCulture, $"together {Runs.Sum(r => r.Usage.Usd ?? 0):$0.000}, as the vendor counts it"),
        DemoCast.Scripted => "nothing was paid: the agents play a script, tokens and costs are the script's",
        DemoCast.Rehearsed when Runs.All(r => r.Usage.Usd is null) => "nothing was paid: the model is a script, and so are the tokens; the agent tells no costs",
        DemoCast.Rehearsed => "nothing was paid: the model is a script, tokens are the script's, costs what they would be at list price",
    };

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s";
}
