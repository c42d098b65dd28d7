using Drover.Agents;
using Drover.Core;

namespace Drover.Server.Conformance;

/// <summary>The first process: from its start through a piece of work, a steer and an interrupt to its proper end.</summary>
internal sealed class WorkPlay(Play play)
{
    private const string File = "conformance.txt";

    /// <summary>The vendor's id of the conversation, when it came so far.</summary>
    public string? Conversation { get; private set; }

    public string? Version { get; private set; }

    /// <summary>False for a program that answers by itself, as a scripted agent does.</summary>
    public bool AsksModel { get; private set; }

    public async Task Run(CancellationToken token)
    {
        await using var talk = await play.Open(null, PlayWish.Usual, token);
        var prompt = await talk.Prompt("conformance-work: Write conformance.txt and commit it.", token);
        if (!await Start(talk, token) || !await Accept(talk, prompt, token)) return;
        await Work(talk, token);
        if (talk.HasEnded || talk.TurnOpen) return;
        Conversation = talk.Conversation;
        await Steer(talk, token);
        if (!talk.HasEnded) await Interrupt(talk, token);
        if (talk.HasEnded) return;
        await talk.Give(new Input.Finish(), token);
        await talk.Until(talk.Mark, _ => false, Play.StopBound, token);
    }

    private async Task<bool> Start(AgentTalk talk, CancellationToken token)
    {
        var first = await talk.Until(0, e => e is AgentEvent.HandshakeAnswered or AgentEvent.TurnEnded, Play.StartBound, token);
        Version = (first as AgentEvent.HandshakeAnswered)?.AgentVersion;
        if (first is not AgentEvent.HandshakeAnswered) play.BlameModel();
        play.Tell(KitStep.Start, first switch
        {
            AgentEvent.HandshakeAnswered => StepResult.Passed,
            AgentEvent.TurnEnded ended => StepResult.Failed($"{Garbage(talk)}{ended.Ending.Reason}", talk.Evidence()),
            _ => StepResult.Failed($"{Garbage(talk)}it did not answer the handshake within {Play.Words(Play.StartBound)}", talk.Evidence()),
        });
        return first is AgentEvent.HandshakeAnswered;
    }

    private static string Garbage(AgentTalk talk) => talk.Since(0).OfType<AgentEvent.Malformed>().FirstOrDefault() is { } malformed
        ? $"it wrote what is no message of the protocol, for example '{Bounded(malformed.Text)}' ({malformed.Why}); " : "";

    private async Task<bool> Accept(AgentTalk talk, MessageId prompt, CancellationToken token)
    {
        var first = await talk.Until(0, e => e is AgentEvent.MessageAccepted accepted && accepted.Message == prompt
            || e is AgentEvent.MessageRefused refused && refused.Message == prompt || e is AgentEvent.TurnEnded, Play.AcceptBound, token);
        play.Tell(KitStep.PromptAccepted, first switch
        {
            AgentEvent.MessageAccepted => StepResult.Passed,
            AgentEvent.MessageRefused refused => StepResult.Failed($"it refused its first prompt: {refused.Why}", talk.Evidence()),
            AgentEvent.TurnEnded ended => StepResult.Failed($"the turn ended before the prompt was accepted, as {Play.Name(ended.Ending)}: {ended.Ending.Reason}", talk.Evidence()),
            _ => StepResult.Failed($"it gave no sign within {Play.Words(Play.AcceptBound)} that it had read its first prompt", talk.Evidence()),
        });
        return first is AgentEvent.MessageAccepted;
    }

    private async Task Work(AgentTalk talk, CancellationToken token)
    {
        var ending = await talk.End(0, Play.TurnBound, token);
        var judged = Play.Judge(talk, ending);
        AsksModel = ModelLog.Requests(play.Model.Log).Count > 0;
        play.Tell(KitStep.ToolCall, judged.Outcome != StepOutcome.Passed ? judged : await Tools(talk, token));
        var (used, written) = talk.Since(0).OfType<AgentEvent.Usage>().Aggregate((In: 0L, Out: 0L), (sum, u) => (sum.In + u.Input + u.CacheRead + u.CacheWrite, sum.Out + u.Output));
        play.Tell(KitStep.UsageReported, judged.Outcome != StepOutcome.Passed ? StepResult.Skipped("the turn in which it was to be seen did not succeed")
            : used > 0 && written > 0 ? StepResult.Passed
            : StepResult.Absent("it reported no tokens of its turn"));
    }

    private async Task<StepResult> Tools(AgentTalk talk, CancellationToken token)
    {
        var calls = talk.Since(0).OfType<AgentEvent.ToolCalled>().Count();
        var failed = talk.Since(0).OfType<AgentEvent.ToolReturned>().FirstOrDefault(r => r.IsError);
        return failed is not null ? StepResult.Failed($"a tool failed: {Bounded(failed.Output)}", talk.Evidence())
            : !System.IO.File.Exists(Path.Combine(play.Tree.Path, File)) ? StepResult.Failed($"it was told to write {File}, and there is none", talk.Evidence())
            : !await play.Place.HasCommit(play.Tree, token) ? StepResult.Failed("it was told to commit, and there is no commit", talk.Evidence())
            : calls == 0 ? StepResult.Failed("it used its tools and told nothing of it", talk.Evidence())
            : StepResult.Passed;
    }

    private async Task Steer(AgentTalk talk, CancellationToken token)
    {
        if (play.Can.SaysInsideTurn) play.Tell(KitStep.Steer, await SteerPlay.Try(play, talk, AsksModel, token));
        else if (!play.Can.MaySayInsideTurn) play.Tell(KitStep.Steer, StepResult.Absent("it has no way to say something inside a turn; it is said after it"));
    }

    private async Task Interrupt(AgentTalk talk, CancellationToken token)
    {
        if (!play.Can.Interrupts)
        {
            play.Tell(KitStep.Interrupt, StepResult.Absent("the protocol has no way to end a turn and keep the conversation"));
            return;
        }

        var mark = talk.Mark;
        await talk.Prompt("conformance-interrupt: Wait.", token);
        if (await talk.Until(mark, e => e is AgentEvent.ToolCalled or AgentEvent.TurnEnded, Play.TurnBound, token) is not AgentEvent.ToolCalled)
        {
            play.Tell(KitStep.Interrupt, StepResult.Failed("the turn that was to be interrupted did not call its tool", talk.Evidence()));
            return;
        }

        await talk.Give(new Input.Interrupt(), token);
        var ending = await talk.End(mark, Play.StopBound, token);
        play.Tell(KitStep.Interrupt, ending switch
        {
            null => StepResult.Failed($"the turn did not end within {Play.Words(Play.StopBound)} after it was interrupted", talk.Evidence()),
            { Outcome: Outcome.Interrupted } => await GoOn(talk, token),
            _ => StepResult.Failed($"the interrupted turn ended as {Play.Name(ending)}: {ending.Reason}", talk.Evidence()),
        });
    }

    private static async Task<StepResult> GoOn(AgentTalk talk, CancellationToken token)
    {
        var after = Play.Judge(talk, await Play.Turn(talk, "conformance-onward: Go on.", token));
        return after.Outcome == StepOutcome.Passed ? after : after with { Why = $"after the interrupt it could not go on: {after.Why}" };
    }

    private static string Bounded(string text) => text.Length > 300 ? text[..300] + " …" : text;
}
