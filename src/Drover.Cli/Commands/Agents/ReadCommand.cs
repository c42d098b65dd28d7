using Drover.Cli.Parsing;

namespace Drover.Cli.Commands.Agents;

internal sealed class ReadCommand : ServerCommand
{
    public override Chapter Chapter => Chapter.Upkeep;

    public override string Summary => "Prints what Drover makes of a recorded stream of an agent.";

    public override IReadOnlyList<string> Examples => ["drover agents read --adapter acp session.jsonl", "drover agents read --adapter acp - < transcript.jsonl"];
}
