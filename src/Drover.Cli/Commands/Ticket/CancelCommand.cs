using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands.Ticket;

internal sealed class CancelCommand : Command
{
    public override Chapter Chapter => Chapter.Tickets;

    public override string Summary => "Closes a ticket without landing anything. This is final; its branch stays.";

    public override IReadOnlyList<string> Examples => ["drover ticket cancel APP-12 --reason \"no longer wanted\""];

    public override IReadOnlyList<Argument> Arguments => [Argument.Ticket];

    public override IReadOnlyList<Option> Options => [Option.Reason];

    public override int Run(Call call)
    {
        var answer = call.Server.Change(
            "POST", $"/api/v1/tickets/{Call.Part(call[Argument.Ticket])}/cancel", new(call[Option.Reason]), ApiJson.Default.ReasonJson, Guid.NewGuid());
        return TicketText.Done(call, answer, ticket => $"{ticket.Key}  cancelled");
    }
}
