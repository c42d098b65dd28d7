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
        return call.Show(answer, ApiJson.Default.InboxJson, InboxText.Write);
    }
}
