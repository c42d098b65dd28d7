using Drover.Cli.Parsing;

namespace Drover.Cli.Commands.Agents;

internal sealed class LoginCommand : ServerCommand
{
    public override Chapter Chapter => Chapter.Setup;

    public override string Summary => "Runs the vendor's own login for an agent with a home of its own.";

    public override IReadOnlyList<string> Examples => ["drover agents login coder"];
}
