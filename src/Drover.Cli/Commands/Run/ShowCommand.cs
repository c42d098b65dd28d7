using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands.Run;

internal sealed class ShowCommand : Command
{
    private static readonly Option Prompt = new("--prompt", null, "print the exact first prompt and nothing else");

    public override Chapter Chapter => Chapter.Runs;

    public override string Summary => "Shows a run: what it was told, where it works, how it ended, what it cost.";

    public override IReadOnlyList<string> Examples => ["drover run show coder-app-12", "drover run show APP-12 --prompt"];

    public override IReadOnlyList<Argument> Arguments => [Argument.Run];

    public override IReadOnlyList<Option> Options => [Prompt];

    public override int Run(Call call)
    {
        var answer = call.Server.Get(RunNames.Address(call, Argument.Run));
        return call.Has(Prompt)
            ? call.Say(answer, ApiJson.Default.RunJson, run => run.Prompt ?? throw new CommandFailedException($"{run.Name} has no prompt yet; it is {run.State}"))
            : call.Show(answer, ApiJson.Default.RunJson, RunText.Write);
    }
}
