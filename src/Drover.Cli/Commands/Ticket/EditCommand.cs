using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands.Ticket;

internal sealed class EditCommand : Command
{
    private static readonly Option Title = new("--title", "TEXT", "one line, at most 300 characters");
    private static readonly Option Body = new("--body", "TEXT|-", "what is to be done; - reads it from standard input");
    private static readonly Option Kind = new("--kind", "WORD", "what kind of work it is");
    private static readonly Option Priority = new("--priority", "N", "1 (first) to 9 (last)");
    private static readonly Option Criterion = new("--criterion", "TEXT", "replaces all criteria; may be given several times");
    private static readonly Option Agent = new("--agent", "NAME", "the agent that is to work on it; \"\" for any");
    private static readonly Option DependsOn = new("--depends-on", "KEY", "a ticket that is to be done first, beside those that are already; may be given several times");
    private static readonly Option IndependentOf = new("--independent-of", "KEY", "a ticket that it does not wait for any more; may be given several times");

    public override Chapter Chapter => Chapter.Tickets;

    public override string Summary => "Changes what a ticket says. A run that is at work keeps what it was given.";

    public override IReadOnlyList<string> Examples =>
    [
        "drover ticket edit APP-12 --title \"Add a dark mode\"",
        "drover ticket edit APP-12 --priority 1",
        "drover ticket edit APP-12 --depends-on APP-7 --independent-of APP-3",
    ];

    public override IReadOnlyList<Argument> Arguments => [Argument.Ticket];

    public override IReadOnlyList<Option> Options => [Title, Body, Kind, Priority, Criterion, Agent, DependsOn, IndependentOf];

    public override int Run(Call call)
    {
        if (!Options.Any(call.Has)) throw new UsageException($"say what is to change: {string.Join(", ", Options.Select(o => o.Name))}");
        var change = new TicketChangeJson(
            call[Title], Call.Text(call[Body]), call[Kind], call.Number(Priority), call.Has(Criterion) ? call.All(Criterion) : null, call[Agent])
        {
            DependsOn = call.All(DependsOn),
            IndependentOf = call.All(IndependentOf),
        };
        var answer = call.Server.Change("PATCH", $"/api/v1/tickets/{Call.Part(call[Argument.Ticket])}", change, ApiJson.Default.TicketChangeJson, Guid.NewGuid());
        return TicketText.Done(call, answer, ticket => $"{ticket.Key}  {ticket.Title}");
    }
}
