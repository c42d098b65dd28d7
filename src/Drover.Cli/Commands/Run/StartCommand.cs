using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands.Run;

internal sealed class StartCommand : Command
{
    private static readonly Option Agent = new("--agent", "NAME", "the agent of the project's roster; without it a free one");
    private static readonly Option Role = new("--role", "ROLE", "what the agent is to do (default: coder)")
    {
        Words = ["intake", "orchestrator", "coder", "reviewer", "merger", "investigator"],
    };

    private static readonly Option Instruction = new("--instruction", "TEXT|-", "words that follow the ticket in the first prompt; - reads them from standard input");
    private static readonly Option NoWorktree = new("--no-worktree", null, "work in your own checkout: no branch, no landing, no clean-up");
    private static readonly Option Cleanup = new("--cleanup", null, "remove worktree and branch after the run; unlanded work is salvaged first");

    public override Chapter Chapter => Chapter.Runs;

    public override string Summary => "Starts an agent on a ticket and answers at once.";

    public override IReadOnlyList<string> Examples =>
        ["drover run start APP-12", "drover run start APP-12 --agent fixer --instruction \"Keep the old API\"", "drover logs -f APP-12"];

    public override IReadOnlyList<Argument> Arguments => [Argument.Ticket];

    public override IReadOnlyList<Option> Options => [Agent, Role, Instruction, NoWorktree, Cleanup];

    public override int Run(Call call)
    {
        var order = new StartRunJson(call[Argument.Ticket], call[Agent], call[Role], Call.Text(call[Instruction]), call.Has(NoWorktree), call.Has(Cleanup));
        var answer = call.Server.Change("POST", "/api/v1/runs", order, ApiJson.Default.StartRunJson, Guid.NewGuid());
        return call.Say(answer, ApiJson.Default.StartedJson, started => started switch
        {
            { Run: { } run } => $"{run.Name}  {run.State}  agent {run.Agent}, id {run.Id}\nnext: drover logs -f {run.Name}",
            { Queued: { } queued } => $"{queued.Ticket}  queued  {queued.Text}\nnext: drover why {queued.Ticket}",
            _ => throw new InvalidOperationException("the server's answer holds neither a run nor a place in the queue"),
        });
    }
}
