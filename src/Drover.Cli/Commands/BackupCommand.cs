using System.Globalization;
using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands;

internal sealed class BackupCommand : Command
{
    private static readonly Argument To = new("FILE", "where to; it must not exist yet");

    public override Chapter Chapter => Chapter.Upkeep;

    public override string Summary => "Writes a consistent copy of the journal while everything goes on.";

    public override IReadOnlyList<string> Examples => ["drover backup ~/drover-backup.db"];

    public override IReadOnlyList<Argument> Arguments => [To];

    public override int Run(Call call)
    {
        var answer = call.Server.Change(
            "POST", "/api/v1/backup", new(Path.GetFullPath(call[To], call.Directory)), ApiJson.Default.BackupJson, Guid.NewGuid());
        return call.Say(answer, ApiJson.Default.BackedUpJson, done => $"{done.File}  {(done.Bytes / 1024).ToString("N0", CultureInfo.InvariantCulture)} KB");
    }
}
