using Drover.Cli.Parsing;

namespace Drover.Cli.Commands;

internal sealed class InitCommand : ServerCommand
{
    public override Chapter Chapter => Chapter.Setup;

    public override string Summary => "Writes a commented drover.yaml for this repository, with the agents and gates that it finds.";

    public override IReadOnlyList<string> Examples => ["drover init"];
}
