using System.Text.Json;
using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands.Run;

internal sealed class ShowCommand : Command
{
    private static readonly Argument Which = new("RUN", "a run's name or id, or a ticket's key for its newest run");
    private static readonly Option Prompt = new("--prompt", null, "print the exact first prompt and nothing else");

    public override Chapter Chapter => Chapter.Runs;

    public override string Summary => "Shows a run: what it was told, where it works, how it ended, what it cost.";

    public override IReadOnlyList<string> Examples => ["drover run show coder-app-12", "drover run show APP-12 --prompt"];

    public override IReadOnlyList<Argument> Arguments => [Which];

    public override IReadOnlyList<Option> Options => [Prompt];

    public override int Run(Call call)
    {
        var answer = call.Server.Get(RunNames.Address(call, Which));
        if (call.Json)
        {
            JsonText.Pass(answer, call.Output);
            return ExitCodes.Done;
        }

        var run = JsonSerializer.Deserialize(answer, ApiJson.Default.RunJson)!;
        if (call.Has(Prompt)) call.Output.WriteLine(Terminal.Plain(run.Prompt ?? throw new CommandFailedException($"{run.Name} has no prompt yet; it is {run.State}")));
        else RunText.Write(run, call.Output);
        return ExitCodes.Done;
    }
}
