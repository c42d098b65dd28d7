using Drover.Agents;
using Drover.Core;

namespace Drover.Server.Conformance;

/// <summary>What comes after the first process: one goes on with a copy of its conversation, one with the conversation itself; then the model falls silent, and then it
/// dies.</summary>
internal sealed class ReturnPlay(Play play, WorkPlay work)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2), Poll = TimeSpan.FromMilliseconds(50);

    private const string Work = "conformance-work", Fork = "conformance-fork";

    public async Task Run(CancellationToken token)
    {
        // Before the conversation itself is gone on with, so that it shows whether it has stayed as it was.
        var fork = await Forked(token);
        if (fork.Outcome != StepOutcome.Passed) play.Tell(KitStep.Fork, fork);
        if (play.Results.Has(KitStep.Resume))
        {
            // It was decided that this is not to be tried now.
        }
        else if (!play.Can.Resumes) play.Tell(KitStep.Resume, StepResult.Absent("the protocol has no way to go on with an earlier conversation"));
        else if (work.Conversation is null) play.Tell(KitStep.Resume, StepResult.Failed("the agent never said under which id its conversation is kept", []));
        else if (await Resumed(work.Conversation, token)) return;
        play.Tell(KitStep.Fork, fork);

        await using var fresh = await play.Open(null, PlayWish.Usual, token);
        await FallSilent(fresh, token);
    }

    /// <summary>True when the rest was done in the same process.</summary>
    private async Task<bool> Resumed(string id, CancellationToken token)
    {
        await using var talk = await play.Open(id, PlayWish.Usual, token);
        var mark = talk.Mark;
        await talk.Prompt("conformance-resume: Do you remember?", token);
        var ending = await talk.End(mark, Play.StartBound + Play.TurnBound, token);
        var judged = Play.Judge(talk, ending);
        play.Tell(KitStep.Resume, judged.Outcome != StepOutcome.Passed ? judged
            : talk.Conversation is { } now && now != id ? StepResult.Failed($"it was to go on with the conversation {id} and opened {now}", talk.Evidence())
            : WasTold(Work) == false ? StepResult.Failed("it says that it goes on with the conversation, but the model was not told what had been said before", talk.Evidence())
            : StepResult.Passed);
        play.Tell(KitStep.Fork, WasTold(Fork) == true ? StepResult.Failed("what was said in the copy stands in the conversation that it was made of", talk.Evidence()) : StepResult.Passed);
        if (talk.HasEnded || talk.TurnOpen) return false;
        await FallSilent(talk, token);
        return true;
    }

    /// <summary>What is known of the copy as long as the conversation itself has not been gone on with.</summary>
    private async Task<StepResult> Forked(CancellationToken token)
    {
        if (!play.Can.Forks) return StepResult.Absent("the protocol has no way to go on with a copy of a conversation");
        if (work.Conversation is not { } original) return StepResult.Failed("the agent never said under which id its conversation is kept", []);
        await using var talk = await play.OpenFork(original, token);
        var mark = talk.Mark;
        await talk.Prompt($"{Fork}: Do you remember?", token);
        var ending = await talk.End(mark, Play.StartBound + Play.TurnBound, token);
        if (ending?.Reason == Adapter.CannotFork) return StepResult.Absent(ending.Reason);
        return Play.Judge(talk, ending) is { Outcome: not StepOutcome.Passed } judged ? judged
            : talk.Conversation is not { } copy || copy == original ? StepResult.Failed($"it was to make a copy of the conversation {original}, and went on with that itself", talk.Evidence())
            : WasTold(Work) == false ? StepResult.Failed("it says that it goes on with a copy, but the model was not told what had been said before", talk.Evidence())
            : StepResult.Passed;
    }

    /// <summary>Whether the model was told it in the last request; null when the agent asks no model.</summary>
    private bool? WasTold(string text) => ModelLog.Requests(play.Model.Log) is [.., var last] ? last.Any(said => said.Contains(text, StringComparison.Ordinal)) : null;

    /// <summary>The model takes the request and never answers. The turn must stay open: only then can Drover see that it is silent and end it.</summary>
    private async Task FallSilent(AgentTalk talk, CancellationToken token)
    {
        var mark = talk.Mark;
        await talk.Prompt("conformance-silence: Think about it.", token);
        if (work.AsksModel && !await Asked(talk, mark, token))
        {
            play.Tell(KitStep.Silence, StepResult.Failed("its model was never asked", talk.Evidence()));
            play.Tell(KitStep.Crash, StepResult.Skipped("there was no open turn in which it could die"));
            return;
        }

        var ending = await talk.End(mark, Quiet, token);
        play.Tell(KitStep.Silence, ending is null && !talk.HasEnded ? StepResult.Passed
            : StepResult.Failed(ending is null ? "its process ended while the model was silent" : $"the turn ended as {Play.Name(ending)} while the model was silent: {ending.Reason}", talk.Evidence()));
        await Die(talk, mark, token);
    }

    private async Task Die(AgentTalk talk, int mark, CancellationToken token)
    {
        var gone = await talk.Kill(token);
        var ending = await talk.End(mark, Play.StopBound, token);
        play.Tell(KitStep.Crash, !gone ? StepResult.Failed("its process was killed, and something of it lives on", talk.Evidence())
            : ending is { Outcome: Outcome.Failed, Class: FailureClass.Crashed or FailureClass.Killed } ? StepResult.Passed
            : StepResult.Failed(ending is null ? "its process was killed in the middle of a turn, and the turn has no end" : $"its process was killed in the middle of a turn, which counts as {Play.Name(ending)}: {ending.Reason}", talk.Evidence()));
    }

    /// <summary>Until the model has the request; false when it never got it.</summary>
    private async Task<bool> Asked(AgentTalk talk, int mark, CancellationToken token)
    {
        var started = play.Place.Time.GetTimestamp();
        while (play.Place.Time.GetElapsedTime(started) < Play.StartBound + Play.AcceptBound)
        {
            var ended = await talk.Until(mark, e => e is AgentEvent.TurnEnded, Poll, token);
            if (ModelLog.Requests(play.Model.Log).Any(r => r.Any(s => s.Contains("conformance-silence", StringComparison.Ordinal)))) return true;
            if (talk.HasEnded || ended is not null) return false;
        }

        return false;
    }
}
