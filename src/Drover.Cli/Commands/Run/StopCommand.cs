using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands.Run;

internal sealed class StopCommand : Command
{
    private static readonly Argument Which = new("RUN", "a run's name or id, or a ticket's key for its newest run");
    private static readonly Option Reason = new("--reason", "TEXT", "why");

    public override Chapter Chapter => Chapter.Runs;

    public override string Summary => "Ends a run: its agent is interrupted, then its whole process tree; its work stays.";

    public override IReadOnlyList<string> Examples => ["drover run stop coder-app-12", "drover run stop APP-12 --reason \"wrong direction\""];

    public override IReadOnlyList<Argument> Arguments => [Which];

    public override IReadOnlyList<Option> Options => [Reason];

    public override int Run(Call call)
    {
        var answer = call.Server.Change(
            "POST", $"{RunNames.Address(call, Which)}/stop", new(call[Reason]), ApiJson.Default.ReasonJson, Guid.NewGuid());
        return RunText.Done(call, answer, run => $"{run.Name}  {run.Status}");
    }
}
