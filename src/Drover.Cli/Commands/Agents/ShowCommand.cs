using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands.Agents;

internal sealed class ShowCommand : Command
{
    private static readonly Argument Which = new("NAME", "an agent of drover.yaml");

    public override Chapter Chapter => Chapter.Runs;

    public override string Summary => "Shows an agent: its program, and what it was seen to do.";

    public override IReadOnlyList<string> Examples => ["drover agents show coder"];

    public override IReadOnlyList<Argument> Arguments => [Which];

    public override IReadOnlyList<Option> Options => [Option.Project];

    public override int Run(Call call)
    {
        var answer = call.Server.Get(Query.Of($"/api/v1/agents/{Call.Part(call[Which])}", ("project", call[Option.Project]), ("directory", call.Directory)));
        return call.Show(answer, ApiJson.Default.AgentJson, AgentText.WriteWhole);
    }
}
