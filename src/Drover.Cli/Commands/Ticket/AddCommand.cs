using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands.Ticket;

internal sealed class AddCommand : Command
{
    private static readonly Option Title = new("--title", "TEXT", "one line, at most 300 characters") { Required = true };
    private static readonly Option Body = new("--body", "TEXT|-", "what is to be done; - reads it from standard input");
    private static readonly Option Kind = new("--kind", "WORD", "what kind of work it is (default: task)");
    private static readonly Option Priority = new("--priority", "N", "1 (first) to 9 (last); default 5");
    private static readonly Option Criterion = new("--criterion", "TEXT", "what must be true at the end; may be given several times");
    private static readonly Option Agent = new("--agent", "NAME", "the agent that is to work on it");
    private static readonly Option DependsOn = new("--depends-on", "KEY", "a ticket that is to be done first; may be given several times");

    public override Chapter Chapter => Chapter.Tickets;

    public override string Summary => "Files a ticket in the backlog.";

    public override IReadOnlyList<string> Examples =>
    [
        "drover ticket add --title \"Add a dark mode\" --criterion \"The tests pass\"",
        "drover ticket add --title \"Fix the crash\" --body - < report.txt",
        "drover ticket add --title \"Use the new parser\" --depends-on APP-3 --depends-on APP-4",
        "KEY=$(drover ticket add --title \"Try\" --json | jq -r .key)",
    ];

    public override IReadOnlyList<Option> Options => [Title, Body, Kind, Priority, Criterion, Agent, DependsOn, Option.Project];

    public override int Run(Call call)
    {
        var wish = new NewTicketJson(
            call[Option.Project], call.Directory, call[Title], Call.Text(call[Body]), call[Kind], call.Number(Priority), call.All(Criterion), call[Agent])
        {
            DependsOn = call.All(DependsOn),
        };
        var answer = call.Server.Change("POST", "/api/v1/tickets", wish, ApiJson.Default.NewTicketJson, Guid.NewGuid());
        return TicketText.Done(call, answer, ticket => $"{ticket.Key}  {ticket.Title}\nnext: drover run start {ticket.Key}");
    }
}
