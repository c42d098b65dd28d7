using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands;

internal sealed class AgentsCommand : Command
{
    public override Chapter Chapter => Chapter.Runs;

    public override string Summary => "Lists the project's agents, what their programs can, and what they are at.";

    public override IReadOnlyList<string> Examples => ["drover agents", "drover agents --json"];

    public override IReadOnlyList<Option> Options => [Option.Project];

    public override int Run(Call call)
    {
        var answer = call.Server.Get(Query.Of("/api/v1/agents", ("project", call[Option.Project]), ("directory", call.Directory)));
        return call.Show(answer, ApiJson.Default.IReadOnlyListAgentJson, AgentText.Write);
    }
}
