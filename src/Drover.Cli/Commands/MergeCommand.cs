using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands;

internal sealed class MergeCommand : Command
{
    public override Chapter Chapter => Chapter.Landing;

    public override string Summary => "Lands a ticket's work on the target branch once its gates are green, whatever the policy says.";

    public override IReadOnlyList<string> Examples => ["drover merge APP-12", "drover why APP-12"];

    public override IReadOnlyList<Argument> Arguments => [Argument.Ticket];

    public override IReadOnlyList<Option> Options => [Option.Head];

    public override int Run(Call call)
    {
        var answer = call.Server.Change("POST", $"/api/v1/tickets/{Call.Part(call[Argument.Ticket])}/merge", new(call[Option.Head]), ApiJson.Default.DecideJson, Guid.NewGuid());
        return call.Show(answer, ApiJson.Default.LandingJson, LandingText.Write);
    }
}
