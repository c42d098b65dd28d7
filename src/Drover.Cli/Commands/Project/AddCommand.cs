using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands.Project;

internal sealed class AddCommand : Command
{
    private static readonly Argument Place = new("DIRECTORY", "a directory of the repository; without it the current one") { Optional = true };
    private static readonly Option Id = new("--id", "ID", "the project's id; without it the directory's name");
    private static readonly Option Prefix = new("--prefix", "WORD", "what its tickets' keys begin with");

    public override Chapter Chapter => Chapter.Setup;

    public override string Summary => "Registers a repository as a project.";

    public override IReadOnlyList<string> Examples => ["drover project add", "drover project add ~/src/shop --prefix SHOP"];

    public override IReadOnlyList<Argument> Arguments => [Place];

    public override IReadOnlyList<Option> Options => [Id, Prefix];

    public override int Run(Call call)
    {
        var wish = new NewProjectJson(Path.GetFullPath(call.Maybe(Place) ?? ".", call.Directory), call[Id], call[Prefix]);
        var answer = call.Server.Change("POST", "/api/v1/projects", wish, ApiJson.Default.NewProjectJson, Guid.NewGuid());
        return call.Say(answer, ApiJson.Default.ProjectJson, project => $"{project.Id}  {project.Prefix}-…  {project.Root}");
    }
}
