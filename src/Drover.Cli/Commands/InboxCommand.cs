using System.Text.Json;
using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands;

internal sealed class InboxCommand : Command
{
    public override Chapter Chapter => Chapter.Runs;

    public override string Summary => "Shows what waits for a human: agents that ask for permission, finished work, blocked tickets.";

    public override IReadOnlyList<string> Examples => ["drover inbox", "drover inbox --json"];

    public override int Run(Call call)
    {
        var answer = call.Server.Get("/api/v1/inbox");
        if (call.Json) JsonText.Pass(answer, call.Output);
        else InboxText.Write(JsonSerializer.Deserialize(answer, ApiJson.Default.InboxJson)!, call.Output);
        return ExitCodes.Done;
    }
}
