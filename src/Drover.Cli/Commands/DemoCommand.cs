using Drover.Cli.Parsing;

namespace Drover.Cli.Commands;

internal sealed class DemoCommand : ServerCommand
{
    public override Chapter Chapter => Chapter.Setup;

    public override string Summary => "Shows three agents at work on a sample repository, from tickets to main.";

    public override IReadOnlyList<string> Examples => ["drover demo"];
}
