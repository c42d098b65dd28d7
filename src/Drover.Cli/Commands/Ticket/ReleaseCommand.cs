using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands.Ticket;

internal sealed class ReleaseCommand : Command
{
    public override Chapter Chapter => Chapter.Tickets;

    public override string Summary => "Lets a held ticket go on.";

    public override IReadOnlyList<string> Examples => ["drover ticket release APP-12"];

    public override IReadOnlyList<Argument> Arguments => [Argument.Ticket];

    public override int Run(Call call)
    {
        var answer = call.Server.Change(
            "POST", $"/api/v1/tickets/{Call.Part(call[Argument.Ticket])}/release", new(null), ApiJson.Default.ReasonJson, Guid.NewGuid());
        return TicketText.Done(call, answer, ticket => $"{ticket.Key}  {ticket.Stage}");
    }
}
