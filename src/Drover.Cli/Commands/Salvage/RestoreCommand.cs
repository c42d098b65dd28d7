using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands.Salvage;

internal sealed class RestoreCommand : Command
{
    private static readonly Argument Name = new("NAME", "as 'drover salvage list' prints it");
    private static readonly Option Branch = new("--branch", "NAME", "a branch that does not exist yet") { Required = true };

    public override Chapter Chapter => Chapter.Upkeep;

    public override string Summary => "Makes a branch of saved work.";

    public override IReadOnlyList<string> Examples => ["drover salvage restore APP-12/2/1 --branch rescued"];

    public override IReadOnlyList<Argument> Arguments => [Name];

    public override IReadOnlyList<Option> Options => [Branch, Option.Project];

    public override int Run(Call call)
    {
        var wish = new RestoreSalvageJson(call[Name], call[Branch], call[Option.Project], call.Directory);
        var answer = call.Server.Change("POST", "/api/v1/salvage/restore", wish, ApiJson.Default.RestoreSalvageJson, Guid.NewGuid());
        return call.Say(answer, ApiJson.Default.SalvageJson, saved => $"{call[Branch]}  {saved.Commit}\nnext: git switch {call[Branch]}");
    }
}
