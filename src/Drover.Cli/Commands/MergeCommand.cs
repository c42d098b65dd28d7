using System.Text.Json;
using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands;

internal sealed class MergeCommand : Command
{
    private static readonly Argument Key = new("KEY", "the ticket, like APP-12");
    private static readonly Option Head = new("--head", "COMMIT", "the commit you have read (drover diff names it); refused when the branch has moved on since");

    public override Chapter Chapter => Chapter.Landing;

    public override string Summary => "Lands a ticket's work on the target branch once its gates are green, whatever the policy says.";

    public override IReadOnlyList<string> Examples => ["drover merge APP-12", "drover why APP-12"];

    public override IReadOnlyList<Argument> Arguments => [Key];

    public override IReadOnlyList<Option> Options => [Head];

    public override int Run(Call call)
    {
        var answer = call.Server.Change("POST", $"/api/v1/tickets/{Call.Part(call[Key])}/merge", new(call[Head]), ApiJson.Default.DecideJson, Guid.NewGuid());
        if (call.Json) JsonText.Pass(answer, call.Output);
        else if (JsonSerializer.Deserialize(answer, ApiJson.Default.LandingJson) is { } landing) LandingText.Write(landing, call.Output);
        return ExitCodes.Done;
    }
}
