using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands.Salvage;

internal sealed class ListCommand : Command
{
    public override Chapter Chapter => Chapter.Upkeep;

    public override string Summary => "Lists the work that was saved before something was removed.";

    public override IReadOnlyList<string> Examples => ["drover salvage list"];

    public override IReadOnlyList<Option> Options => [Option.Project];

    public override int Run(Call call)
    {
        var answer = call.Server.Get(Query.Of("/api/v1/salvage", ("project", call[Option.Project]), ("directory", call.Directory)));
        return call.Show(answer, ApiJson.Default.IReadOnlyListSalvageJson, Write);
    }

    private static void Write(IReadOnlyList<SalvageJson> salvage, TextWriter output)
    {
        var table = new Table("NAME", "SAVED", "COMMIT", "WHAT");
        foreach (var saved in salvage) table.Add(saved.Name, Time.Local(saved.SavedAt), saved.Commit[..Math.Min(10, saved.Commit.Length)], saved.Reason);
        table.Write(output);
    }
}
