using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands;

internal sealed class WhyCommand : Command
{
    public override Chapter Chapter => Chapter.Tickets;

    public override string Summary => "Says what keeps a ticket where it is, and what would move it on.";

    public override IReadOnlyList<string> Examples => ["drover why APP-12"];

    public override IReadOnlyList<Argument> Arguments => [Argument.Ticket];

    public override int Run(Call call)
    {
        var answer = call.Server.Get($"/api/v1/tickets/{Call.Part(call[Argument.Ticket])}/why");
        return call.Say(answer, ApiJson.Default.WhyJson, why => why.Text);
    }
}
