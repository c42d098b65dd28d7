using Drover.Cli.Parsing;

namespace Drover.Cli.Commands.Config;

internal sealed class SchemaCommand : ServerCommand
{
    public override Chapter Chapter => Chapter.Setup;

    public override string Summary => "Prints the JSON schema of drover.yaml, for editors.";

    public override IReadOnlyList<string> Examples => ["drover config schema > drover.schema.json"];
}
