using Drover.Agents;
using Drover.Core;

namespace Drover.Server.Conformance;

/// <summary>A process of its own that is told something inside its turn, where nobody knows what it does then. Whatever that is, the other plays are not disturbed by it.</summary>
/// <param name="asksModel">False for a program that answers by itself, as a scripted agent does.</param>
internal sealed class SteerPlay(Play play, bool asksModel)
{
    private const string Go = "conformance.go", Words = "conformance-word: remember the river";

    public async Task Run(CancellationToken token)
    {
        await using var talk = await play.Open(null, PlayWish.Steering, token);
        var result = await Try(play, talk, asksModel, token);
        // Nobody said that it can.
        play.Tell(KitStep.Steer, result.Outcome == StepOutcome.Failed ? StepResult.Absent($"{result.Why}; messages wait for the turn's end") : result);
    }

    /// <summary>A message is said while a tool runs. It must be in what the model is asked next, within the same turn, once, and the tool must run to its end.</summary>
    public static async Task<StepResult> Try(Play play, AgentTalk talk, bool asksModel, CancellationToken token)
    {
        var mark = talk.Mark;
        await talk.Prompt("conformance-steer: Wait for the file conformance.go.", token);
        if (await talk.Until(mark, e => e is AgentEvent.ToolCalled or AgentEvent.TurnEnded, Play.TurnBound, token) is not AgentEvent.ToolCalled)
            return StepResult.Failed("the turn in which it was to be steered did not call its tool", talk.Evidence());

        var said = await talk.Say(Words, token);
        await File.WriteAllTextAsync(Path.Combine(play.Tree.Path, Go), "", token);
        var ending = await talk.End(mark, Play.TurnBound, token);
        var turn = talk.Since(mark).TakeWhile(e => e is not AgentEvent.TurnEnded).ToList();
        var judged = Play.Judge(talk, ending);
        // What was not taken up may have begun a turn of its own.
        if (talk.TurnOpen) await talk.End(talk.Mark, Play.StopBound, token);
        return judged.Outcome != StepOutcome.Passed ? judged
            : !turn.Any(e => e is AgentEvent.MessageAccepted a && a.Message == said) ? StepResult.Failed("what was said inside the turn was not taken up before its end", talk.Evidence())
            // Some call a tool that was cut short a success; what the script has it say at its end, it then has not said.
            : !turn.Any(e => e is AgentEvent.ToolReturned { IsError: false } r && r.Output.Contains("waited", StringComparison.Ordinal)) ? StepResult.Failed("what was said inside the turn cut its work short", talk.Evidence())
            : asksModel && Misheard(play) is { } wrong ? StepResult.Failed(wrong, talk.Evidence())
            : StepResult.Passed;
    }

    /// <summary>What is wrong with how the model heard it; null when nothing is.</summary>
    private static string? Misheard(Play play) => ModelLog.Requests(play.Model.Log)[^1].Count(said => said.Contains(Words, StringComparison.Ordinal)) switch
    {
        0 => "the agent says that it took up what was said inside the turn, but the model was never told",
        1 => null,
        var n => $"what was said once reached the model {n} times",
    };
}
