using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands.Run;

internal sealed class StopCommand : Command
{
    public override Chapter Chapter => Chapter.Runs;

    public override string Summary => "Ends a run: its agent is interrupted, then its whole process tree; its work stays.";

    public override IReadOnlyList<string> Examples => ["drover run stop coder-app-12", "drover run stop APP-12 --reason \"wrong direction\""];

    public override IReadOnlyList<Argument> Arguments => [Argument.Run];

    public override IReadOnlyList<Option> Options => [Option.Reason];

    public override int Run(Call call)
    {
        var answer = call.Server.Change(
            "POST", $"{RunNames.Address(call, Argument.Run)}/stop", new(call[Option.Reason]), ApiJson.Default.ReasonJson, Guid.NewGuid());
        return RunText.Done(call, answer, run => run.State == "settled"
            ? $"{run.Name}  {run.Status}"
            : $"{run.Name}  is being ended\nnext: drover run show {run.Name}   says how it ended");
    }
}
