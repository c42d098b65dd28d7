using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands.Ticket;

internal sealed class ListCommand : Command
{
    private static readonly Option Stage = new("--stage", "STAGE", "only those in this stage")
    {
        Words = ["backlog", "ready", "coding", "review", "merging", "done", "cancelled"],
    };

    private static readonly Option All = new("--all", null, "of all projects");
    private static readonly Option Limit = new("--limit", "N", "at most so many, newest first (default 1000)");

    public override Chapter Chapter => Chapter.Tickets;

    public override string Summary => "Lists the project's tickets, newest first.";

    public override IReadOnlyList<string> Examples => ["drover ticket list", "drover ticket list --stage review --json"];

    public override IReadOnlyList<Option> Options => [Stage, All, Limit, Option.Project];

    public override int Run(Call call)
    {
        var answer = call.Server.Get(Query.Of("/api/v1/tickets", ("stage", call[Stage]), ("limit", call[Limit]), ("project", call[Option.Project]),
            ("directory", call.Has(All) ? null : call.Directory)));
        return call.Show(answer, ApiJson.Default.IReadOnlyListTicketJson, Write);
    }

    private static void Write(IReadOnlyList<TicketJson> tickets, TextWriter output)
    {
        var table = new Table("KEY", "STAGE", "TITLE", "FLAGS");
        foreach (var ticket in tickets) table.Add(ticket.Key, ticket.Stage, ticket.Title, TicketText.Marks(ticket));
        if (tickets.Count == 0) output.WriteLine("no tickets; file one with: drover ticket add --title \"…\"");
        else table.Write(output);
    }
}
