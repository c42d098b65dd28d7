using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands;

internal sealed class SayCommand : Command
{
    private static readonly Argument Message = new("TEXT", "what to say; - reads it from standard input") { Many = true };
    private static readonly Option Mode = new("--mode", "MODE", "now (inside the turn), next (after it, the default), or interrupt") { Words = ["now", "next", "interrupt"] };

    public override Chapter Chapter => Chapter.Runs;

    public override string Summary => "Says something to an agent at work.";

    public override IReadOnlyList<string> Examples => ["drover say APP-12 \"Use the existing parser\"", "drover say coder-app-12 --mode interrupt \"Stop; wrong file\""];

    public override IReadOnlyList<Argument> Arguments => [Argument.Run, Message];

    public override IReadOnlyList<Option> Options => [Mode];

    public override int Run(Call call)
    {
        var text = Call.Text(string.Join(' ', call.From(Message)));
        var answer = call.Server.Change(
            "POST", $"{RunNames.Address(call, Argument.Run)}/say", new(text, call[Mode]), ApiJson.Default.SayJson, Guid.NewGuid());
        return call.Say(answer, ApiJson.Default.SteerJson, steer => $"{steer.State}  {steer.Mode}, id {steer.Id}{((steer.Why ?? steer.Note) is { } more ? $": {more}" : "")}");
    }
}
