using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands.Run;

internal sealed class ListCommand : Command
{
    private static readonly Option Ticket = new("--ticket", "KEY", "only runs of this ticket");
    private static readonly Option Limit = new("--limit", "N", "at most so many (default 50)");
    private static readonly Option All = new("--all", null, "of all projects");

    public override Chapter Chapter => Chapter.Runs;

    public override string Summary => "Lists runs, newest first.";

    public override IReadOnlyList<string> Examples => ["drover run list", "drover run list --ticket APP-12 --json"];

    public override IReadOnlyList<Option> Options => [Ticket, Limit, All, Option.Project];

    public override int Run(Call call)
    {
        var answer = call.Server.Get(Query.Of("/api/v1/runs", ("ticket", call[Ticket]), ("limit", call[Limit]), ("project", call[Option.Project]),
            ("directory", call.Has(All) ? null : call.Directory)));
        return call.Show(answer, ApiJson.Default.IReadOnlyListRunJson, Write);
    }

    private static void Write(IReadOnlyList<RunJson> runs, TextWriter output)
    {
        var table = new Table("RUN", "TICKET", "AGENT", "STATUS", "COST", "CREATED", "REASON");
        foreach (var run in runs) table.Add(run.Name, run.Ticket, run.Agent, run.Status, RunText.Cost(run.Usage), Time.Local(run.CreatedAt), run.Reason);
        if (runs.Count == 0) output.WriteLine("no runs; start one with: drover run start KEY");
        else table.Write(output);
    }
}
