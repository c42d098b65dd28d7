using System.Text.Json;
using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands.Ticket;

internal sealed class ShowCommand : Command
{
    private static readonly Argument Key = new("KEY", "the ticket, like APP-12");

    public override Chapter Chapter => Chapter.Tickets;

    public override string Summary => "Shows a ticket.";

    public override IReadOnlyList<string> Examples => ["drover ticket show APP-12", "drover ticket show APP-12 --json"];

    public override IReadOnlyList<Argument> Arguments => [Key];

    public override int Run(Call call)
    {
        var answer = call.Server.Get($"/api/v1/tickets/{Call.Part(call[Key])}");
        if (call.Json) JsonText.Pass(answer, call.Output);
        else TicketText.Write(JsonSerializer.Deserialize(answer, ApiJson.Default.TicketJson)!, call.Output);
        return ExitCodes.Done;
    }
}
