using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands.Ticket;

internal sealed class ShowCommand : Command
{
    public override Chapter Chapter => Chapter.Tickets;

    public override string Summary => "Shows a ticket.";

    public override IReadOnlyList<string> Examples => ["drover ticket show APP-12", "drover ticket show APP-12 --json"];

    public override IReadOnlyList<Argument> Arguments => [Argument.Ticket];

    public override int Run(Call call)
    {
        var answer = call.Server.Get($"/api/v1/tickets/{Call.Part(call[Argument.Ticket])}");
        return call.Show(answer, ApiJson.Default.TicketJson, TicketText.Write);
    }
}
