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
        return call.Show(answer, ApiJson.Default.IReadOnlyListProjectJson, Write);
    }

    private static void Write(IReadOnlyList<ProjectJson> projects, TextWriter output)
    {
        var table = new Table("PROJECT", "TICKETS", "REPOSITORY");
        foreach (var project in projects) table.Add(project.Id, $"{project.Prefix}-…", project.Root);
        table.Write(output);
    }
}
