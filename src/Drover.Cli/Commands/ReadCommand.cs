using Drover.Cli.Parsing;

namespace Drover.Cli.Commands;

internal sealed class ReadCommand : ServerCommand
{
    public override Chapter Chapter => Chapter.Upkeep;

    public override string Summary => "Reads a journal without a server.";

    public override IReadOnlyList<string> Examples => ["drover read --help"];
}
