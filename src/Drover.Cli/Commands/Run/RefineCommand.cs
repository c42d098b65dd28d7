using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands.Run;

internal sealed class RefineCommand : Command
{
    private static readonly Argument Which = new("RUN", "a settled run's name or id, or a ticket's key for its newest run");
    private static readonly Argument Feedback = new("TEXT", "what is to be changed; without it, to review the work and improve it; - reads it from standard input") { Optional = true, Many = true };
    private static readonly Option Text = new("--text", "TEXT|-", "the same, as an option");
    private static readonly Option Agent = new("--agent", "NAME", "another agent of the project's roster; without it the same");
    private static readonly Option Fork = new("--fork", null, "with a copy of the conversation: that of RUN stays as it is and can be gone on with again");

    public override Chapter Chapter => Chapter.Runs;

    public override string Summary => "Has a settled run's work changed: a new run in its worktree and its conversation, with your feedback as the prompt.";

    public override IReadOnlyList<string> Examples => ["drover run refine APP-12 \"Keep the old flag as well\"", "drover run refine coder-app-12 --text - < review.md"];

    public override IReadOnlyList<Argument> Arguments => [Which, Feedback];

    public override IReadOnlyList<Option> Options => [Text, Agent, Fork];

    public override int Run(Call call)
    {
        var words = string.Join(' ', call.From(Feedback));
        if (words.Length > 0 && call.Has(Text)) throw new UsageException("the feedback is given twice, as words and with --text");
        var text = Call.Text(words.Length > 0 ? words : call[Text]);
        // An empty variable of a script is not the wish to have the work reviewed.
        if (string.IsNullOrWhiteSpace(text) && (call.Has(Text) || call.From(Feedback).Count > 0))
            throw new UsageException("the feedback is empty; without any, the agent is asked to review the work and improve it");
        return RunText.Continued(call, Which, "refine", new(text, call[Agent], call.Has(Fork)));
    }
}
