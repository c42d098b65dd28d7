using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands.Salvage;

internal sealed class ShowCommand : Command
{
    private static readonly Argument Name = new("NAME", "as 'drover salvage list' prints it");

    public override Chapter Chapter => Chapter.Upkeep;

    public override string Summary => "Shows saved work as a patch.";

    public override IReadOnlyList<string> Examples => ["drover salvage show APP-12/2/1 | git apply --check"];

    public override IReadOnlyList<Argument> Arguments => [Name];

    public override IReadOnlyList<Option> Options => [Option.Project];

    public override int Run(Call call)
    {
        var answer = call.Server.Get(Query.Of("/api/v1/salvage/show", ("name", call[Name]), ("project", call[Option.Project]), ("directory", call.Directory)));
        return call.Show(answer, ApiJson.Default.SalvageContentJson, (content, output) => Terminal.WritePatch(content.Patch, output));
    }
}
