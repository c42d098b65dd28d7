using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands.Run;

internal sealed class ResumeCommand : Command
{
    private static readonly Argument Which = new("RUN", "a settled run's name or id, or a ticket's key for its newest run");
    private static readonly Option Text = new("--text", "TEXT|-", "what the agent is told; without it, to go on where it stopped; - reads it from standard input");
    private static readonly Option Agent = new("--agent", "NAME", "another agent of the project's roster; without it the same");
    private static readonly Option Fork = new("--fork", null, "with a copy of the conversation: that of RUN stays as it is and can be gone on with again");

    public override Chapter Chapter => Chapter.Runs;

    public override string Summary => "Goes on with a settled run: a new run in its worktree, with its conversation where that can be had.";

    public override IReadOnlyList<string> Examples => ["drover run resume coder-app-12", "drover run resume APP-12 --text \"The key is renewed; go on\"", "drover run resume coder-app-12 --fork --text \"Try it without a cache\""];

    public override IReadOnlyList<Argument> Arguments => [Which];

    public override IReadOnlyList<Option> Options => [Text, Agent, Fork];

    public override int Run(Call call) => RunText.Continued(call, Which, "resume", new(Call.Text(call[Text]), call[Agent], call.Has(Fork)));
}
