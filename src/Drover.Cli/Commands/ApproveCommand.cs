using System.Text.Json;
using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands;

internal sealed class ApproveCommand : Command
{
    private static readonly Argument Key = new("KEY", "the ticket, like APP-12");
    private static readonly Option Head = new("--head", "COMMIT", "the commit you have read (drover diff names it); refused when the branch has moved on since");

    public override Chapter Chapter => Chapter.Landing;

    public override string Summary => "Approves a ticket's work as it is now; it lands once its gates are green.";

    public override IReadOnlyList<string> Examples => ["drover diff APP-12", "drover approve APP-12"];

    public override IReadOnlyList<Argument> Arguments => [Key];

    public override IReadOnlyList<Option> Options => [Head];

    public override int Run(Call call)
    {
        var answer = call.Server.Change("POST", $"/api/v1/tickets/{Call.Part(call[Key])}/approve", new(call[Head]), ApiJson.Default.DecideJson, Guid.NewGuid());
        if (call.Json) JsonText.Pass(answer, call.Output);
        else if (JsonSerializer.Deserialize(answer, ApiJson.Default.LandingJson) is { } landing) call.Output.WriteLine($"{landing.Ticket}  approved; it lands once its gates are green\nnext: drover why {landing.Ticket}");
        return ExitCodes.Done;
    }
}
