using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands.Run;

internal sealed class RemoveCommand : Command
{
    private static readonly Argument Which = new("RUN", "a run's name or id");

    public override Chapter Chapter => Chapter.Runs;

    public override string Summary => "Forgets a settled run; with the attempt's last one go worktree and branch, after salvage.";

    public override IReadOnlyList<string> Examples => ["drover run remove coder-app-12", "drover salvage list"];

    public override IReadOnlyList<Argument> Arguments => [Which];

    public override int Run(Call call)
    {
        call.Server.Change("DELETE", $"/api/v1/runs/{Call.Part(call[Which])}", Guid.NewGuid());
        call.Output.WriteLine(call.Json ? JsonText.Object(json => json.WriteString("removed", call[Which])) : $"{Terminal.Plain(call[Which])}  removed");
        return ExitCodes.Done;
    }
}
