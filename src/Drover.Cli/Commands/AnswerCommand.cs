using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands;

internal sealed class AnswerCommand : Command
{
    private static readonly Argument Which = new("APPROVAL", "the id that 'drover inbox' shows, or its beginning");
    private static readonly Argument Word = new("ANSWER", "allow or deny");
    private static readonly Option Why = new("--why", "TEXT", "the reason; an agent that is denied something reads it");

    public override Chapter Chapter => Chapter.Runs;

    public override string Summary => "Answers an agent that asks for permission.";

    public override IReadOnlyList<string> Examples => ["drover answer 1f0c22ab allow", "drover answer 1f0c22ab deny --why \"Use the test database\""];

    public override IReadOnlyList<Argument> Arguments => [Which, Word];

    public override IReadOnlyList<Option> Options => [Why];

    public override int Run(Call call)
    {
        var answer = call.Server.Change(
            "POST", $"/api/v1/approvals/{Call.Part(call[Which])}/answer", new(call[Word], call[Why]), ApiJson.Default.AnswerJson, Guid.NewGuid());
        return call.Say(answer, ApiJson.Default.ApprovalJson, settled => $"{settled.State}  {settled.Tool} of {settled.RunName}");
    }
}
