using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands.Ticket;

internal sealed class MoveCommand : Command
{
    private static readonly Argument Stage = new("STAGE", "backlog, ready or review; the others come by run start, merge and cancel");

    public override Chapter Chapter => Chapter.Tickets;

    public override string Summary => "Moves a ticket to another stage. To ready is the go, which only a human gives: an agent begins on it when one is free.";

    public override IReadOnlyList<string> Examples => ["drover ticket move APP-12 ready", "drover ticket move APP-12 backlog"];

    public override IReadOnlyList<Argument> Arguments => [Argument.Ticket, Stage];

    public override int Run(Call call)
    {
        var answer = call.Server.Change(
            "POST", $"/api/v1/tickets/{Call.Part(call[Argument.Ticket])}/move", new(call[Stage]), ApiJson.Default.MoveJson, Guid.NewGuid());
        return TicketText.Done(call, answer, ticket => $"{ticket.Key}  {ticket.Stage}");
    }
}
