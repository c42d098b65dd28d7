using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands;

internal sealed class StatusCommand : Command
{
    public override Chapter Chapter => Chapter.Setup;

    public override string Summary => "Shows what runs, what waits, and where.";

    public override IReadOnlyList<string> Examples => ["drover status", "drover status --json"];

    public override int Run(Call call)
    {
        var json = call.Server.Get("/api/v1/status");
        if (call.Json) JsonText.Pass(json, call.Output);
        else StatusText.Write(json, call.Output);
        return ExitCodes.Done;
    }
}
