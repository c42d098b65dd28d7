using System.Globalization;
using System.Text.Json;
using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands;

internal sealed class DiffCommand : Command
{
    private static readonly Argument Key = new("KEY", "the ticket, like APP-12");
    private static readonly Option Stat = new("--stat", null, "only how much has changed");

    public override Chapter Chapter => Chapter.Landing;

    public override string Summary => "Shows what a ticket's newest attempt has changed since its base.";

    public override IReadOnlyList<string> Examples => ["drover diff APP-12", "drover diff APP-12 | git apply --check", "drover diff APP-12 --stat"];

    public override IReadOnlyList<Argument> Arguments => [Key];

    public override IReadOnlyList<Option> Options => [Stat];

    public override int Run(Call call)
    {
        var answer = call.Server.Get($"/api/v1/tickets/{Call.Part(call[Key])}/diff");
        if (call.Json) JsonText.Pass(answer, call.Output);
        else Write(JsonSerializer.Deserialize(answer, ApiJson.Default.DiffJson)!, call);
        return ExitCodes.Done;
    }

    private static void Write(DiffJson diff, Call call)
    {
        if (call.Has(Stat))
        {
            call.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{diff.Attempt}  {diff.Commits} commits, {diff.Files} files, +{diff.Insertions} -{diff.Deletions}"));
        }

        // A program behind a pipe gets the patch byte for byte; a terminal gets nothing that could steer it.
        else call.Output.Write(Console.IsOutputRedirected ? diff.Patch : Terminal.Plain(diff.Patch));
        foreach (var file in diff.Uncommitted) call.Errors.WriteLine($"uncommitted: {Terminal.Line(file, 300)}");
    }
}
