using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands.Ticket;

internal sealed class CancelCommand : Command
{
    private static readonly Argument Key = new("KEY", "the ticket, like APP-12");
    private static readonly Option Reason = new("--reason", "TEXT", "why");

    public override Chapter Chapter => Chapter.Tickets;

    public override string Summary => "Closes a ticket without landing anything. This is final; its branch stays.";

    public override IReadOnlyList<string> Examples => ["drover ticket cancel APP-12 --reason \"no longer wanted\""];

    public override IReadOnlyList<Argument> Arguments => [Key];

    public override IReadOnlyList<Option> Options => [Reason];

    public override int Run(Call call)
    {
        var answer = call.Server.Change(
            "POST", $"/api/v1/tickets/{Call.Part(call[Key])}/cancel", new(call[Reason]), ApiJson.Default.ReasonJson, Guid.NewGuid());
        return TicketText.Done(call, answer, ticket => $"{ticket.Key}  cancelled");
    }
}
