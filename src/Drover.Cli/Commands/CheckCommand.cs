using Drover.Cli.Parsing;

namespace Drover.Cli.Commands;

internal sealed class CheckCommand : ServerCommand
{
    public override Chapter Chapter => Chapter.Upkeep;

    public override string Summary => "Checks a journal without a server.";

    public override IReadOnlyList<string> Examples => ["drover check"];
}
