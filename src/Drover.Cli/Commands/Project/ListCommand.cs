using System.Text.Json;
using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands.Project;

internal sealed class ListCommand : Command
{
    public override Chapter Chapter => Chapter.Setup;

    public override string Summary => "Lists the projects of this server.";

    public override IReadOnlyList<string> Examples => ["drover project list"];

    public override int Run(Call call)
    {
        var answer = call.Server.Get("/api/v1/projects");
        if (call.Json)
        {
            JsonText.Pass(answer, call.Output);
            return ExitCodes.Done;
        }

        var table = new Table("PROJECT", "TICKETS", "REPOSITORY");
        foreach (var project in JsonSerializer.Deserialize(answer, ApiJson.Default.IReadOnlyListProjectJson)!)
            table.Add(project.Id, $"{project.Prefix}-…", project.Root);
        table.Write(call.Output);
        return ExitCodes.Done;
    }
}
