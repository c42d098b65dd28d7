using System.Globalization;
using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands;

internal sealed class DiffCommand : Command
{
    private static readonly Option Stat = new("--stat", null, "only how much has changed");

    public override Chapter Chapter => Chapter.Landing;

    public override string Summary => "Shows what a ticket's newest attempt has changed since its base.";

    public override IReadOnlyList<string> Examples => ["drover diff APP-12", "drover diff APP-12 | git apply --check", "drover diff APP-12 --stat"];

    public override IReadOnlyList<Argument> Arguments => [Argument.Ticket];

    public override IReadOnlyList<Option> Options => [Stat];

    public override int Run(Call call)
    {
        var answer = call.Server.Get($"/api/v1/tickets/{Call.Part(call[Argument.Ticket])}/diff");
        return call.Show(answer, ApiJson.Default.DiffJson, (diff, _) => Write(diff, call));
    }

    private static void Write(DiffJson diff, Call call)
    {
        if (call.Has(Stat))
        {
            call.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{diff.Attempt}  {diff.Commits} commits, {diff.Files} files, +{diff.Insertions} -{diff.Deletions}"));
        }

        else Terminal.WritePatch(diff.Patch, call.Output);
        foreach (var file in diff.Uncommitted) call.Errors.WriteLine($"uncommitted: {Terminal.Line(file, 300)}");
    }
}
