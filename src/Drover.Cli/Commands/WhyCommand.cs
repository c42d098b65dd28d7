using System.Text.Json;
using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands;

internal sealed class WhyCommand : Command
{
    private static readonly Argument Key = new("KEY", "the ticket, like APP-12");

    public override Chapter Chapter => Chapter.Tickets;

    public override string Summary => "Says what keeps a ticket where it is, and what would move it on.";

    public override IReadOnlyList<string> Examples => ["drover why APP-12"];

    public override IReadOnlyList<Argument> Arguments => [Key];

    public override int Run(Call call)
    {
        var answer = call.Server.Get($"/api/v1/tickets/{Call.Part(call[Key])}/why");
        if (call.Json) JsonText.Pass(answer, call.Output);
        else call.Output.WriteLine(Terminal.Plain(JsonSerializer.Deserialize(answer, ApiJson.Default.WhyJson)!.Text));
        return ExitCodes.Done;
    }
}
