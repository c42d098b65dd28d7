using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands.Ticket;

internal sealed class HoldCommand : Command
{
    public override Chapter Chapter => Chapter.Tickets;

    public override string Summary => "Holds a ticket: nothing is started for it and it moves nowhere; a run that is at work goes on.";

    public override IReadOnlyList<string> Examples => ["drover ticket hold APP-12 --reason \"wait for the release\""];

    public override IReadOnlyList<Argument> Arguments => [Argument.Ticket];

    public override IReadOnlyList<Option> Options => [Option.Reason];

    public override int Run(Call call)
    {
        var answer = call.Server.Change(
            "POST", $"/api/v1/tickets/{Call.Part(call[Argument.Ticket])}/hold", new(call[Option.Reason]), ApiJson.Default.ReasonJson, Guid.NewGuid());
        return TicketText.Done(call, answer, ticket => $"{ticket.Key}  held");
    }
}
