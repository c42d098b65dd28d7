using Drover.Cli.Parsing;

namespace Drover.Cli.Commands.Config;

internal sealed class CheckCommand : ServerCommand
{
    public override Chapter Chapter => Chapter.Setup;

    public override string Summary => "Checks drover.yaml and says what is wrong, with line and key.";

    public override IReadOnlyList<string> Examples => ["drover config check"];
}
