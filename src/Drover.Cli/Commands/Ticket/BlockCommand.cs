using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands.Ticket;

internal sealed class BlockCommand : Command
{
    private static readonly Option Reason = new("--reason", "TEXT", "why") { Required = true };

    public override Chapter Chapter => Chapter.Tickets;

    public override string Summary => "Marks a ticket as blocked, with the reason.";

    public override IReadOnlyList<string> Examples => ["drover ticket block APP-12 --reason \"needs APP-9\""];

    public override IReadOnlyList<Argument> Arguments => [Argument.Ticket];

    public override IReadOnlyList<Option> Options => [Reason];

    public override int Run(Call call)
    {
        var answer = call.Server.Change(
            "POST", $"/api/v1/tickets/{Call.Part(call[Argument.Ticket])}/block", new(call[Reason]), ApiJson.Default.ReasonJson, Guid.NewGuid());
        return TicketText.Done(call, answer, ticket => $"{ticket.Key}  blocked: {ticket.Blocked}");
    }
}
