using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands;

internal sealed class ApproveCommand : Command
{
    public override Chapter Chapter => Chapter.Landing;

    public override string Summary => "Approves a ticket's work as it is now; it lands once its gates are green.";

    public override IReadOnlyList<string> Examples => ["drover diff APP-12", "drover approve APP-12"];

    public override IReadOnlyList<Argument> Arguments => [Argument.Ticket];

    public override IReadOnlyList<Option> Options => [Option.Head];

    public override int Run(Call call)
    {
        var answer = call.Server.Change("POST", $"/api/v1/tickets/{Call.Part(call[Argument.Ticket])}/approve", new(call[Option.Head]), ApiJson.Default.DecideJson, Guid.NewGuid());
        return call.Say(answer, ApiJson.Default.LandingJson, landing => $"{landing.Ticket}  approved; it lands once its gates are green\nnext: drover why {landing.Ticket}");
    }
}
