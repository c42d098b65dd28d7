using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands;

internal sealed class EventsCommand : Command
{
    private static readonly Option After = new("--after", "CURSOR", "go on after this place; 0 is the beginning (the default)");
    private static readonly Option Follow = new("--follow", null, "wait for what comes") { Short = "-f" };
    private static readonly Option Of = new("--run", "RUN", "only of this run");
    private static readonly Option Ticket = new("--ticket", "KEY", "only of this ticket");
    private static readonly Option Kinds = new("--kinds", "A,B", "only of these types");
    private static readonly Option Deltas = new("--deltas", null, "also what agents are just writing; these are not kept and have no number");

    public override Chapter Chapter => Chapter.Runs;

    public override string Summary => "Prints the journal as JSON lines: each event once, in order.";

    public override IReadOnlyList<string> Examples => ["drover events --after 0", "drover events --after \"$CURSOR\" --follow --run coder-app-12"];

    public override IReadOnlyList<Option> Options => [After, Follow, Of, Ticket, Kinds, Deltas, Option.Project];

    public override int Run(Call call)
    {
        var feed = new FeedReader(call.Server, call[After] ?? "0", call.Has(Follow), ("run", call[Of]), ("ticket", call[Ticket]), ("kinds", call[Kinds]),
            ("project", call[Option.Project]), ("deltas", call.Has(Deltas) ? "true" : null));
        foreach (var line in feed.Lines()) call.Output.WriteLine(line);
        return ExitCodes.Done;
    }
}
