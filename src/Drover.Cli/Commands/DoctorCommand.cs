using Drover.Cli.Parsing;

namespace Drover.Cli.Commands;

internal sealed class DoctorCommand : ServerCommand
{
    public override Chapter Chapter => Chapter.Setup;

    public override string Summary => "Looks at machine, git, SQLite, sandbox, disk and configuration, and proves what each agent program can.";

    public override IReadOnlyList<string> Examples => ["drover doctor"];
}
