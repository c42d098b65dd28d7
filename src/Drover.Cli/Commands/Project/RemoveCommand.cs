using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands.Project;

internal sealed class RemoveCommand : Command
{
    private static readonly Argument Id = new("ID", "as 'drover project list' prints it");

    public override Chapter Chapter => Chapter.Setup;

    public override string Summary => "Forgets a project. Its repository is not touched; registered again, it has its tickets back.";

    public override IReadOnlyList<string> Examples => ["drover project remove shop"];

    public override IReadOnlyList<Argument> Arguments => [Id];

    public override int Run(Call call)
    {
        var answer = call.Server.Change("DELETE", $"/api/v1/projects/{Call.Part(call[Id])}", Guid.NewGuid());
        if (call.Json) JsonText.Pass(answer, call.Output);
        else call.Output.WriteLine($"{call[Id]}  removed");
        return ExitCodes.Done;
    }
}
