using Drover.Agents;
using Drover.Core;

namespace Drover.Server.Conformance;

/// <summary>The third process: a permission question, then everything that a model server can refuse with. Each trouble has its own turn; a process that does not come out
/// of one is followed by another.</summary>
internal sealed class TroublePlay(Play play) : IAsyncDisposable
{
    private AgentTalk? _talk;

    /// <summary>The permission question and the troubles that every login knows.</summary>
    public async Task Run(CancellationToken token)
    {
        await Approval(token);
        await Trouble(KitStep.RateLimit, FailureClass.RateLimit, "conformance-rate-limit: Ask often.", PlayWish.Asking, token);
        if (!HasSubscribers) await UsageLimit(PlayWish.Asking, token);
        await Trouble(KitStep.AuthError, FailureClass.Auth, "conformance-auth: Ask with a bad key.", PlayWish.Asking, token);
    }

    /// <summary>The one trouble that some programs know only with a subscription.</summary>
    public async Task RunAsSubscriber(CancellationToken token)
    {
        if (HasSubscribers) await UsageLimit(PlayWish.AsSubscriber, token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_talk is not null) await _talk.DisposeAsync();
    }

    private bool HasSubscribers => play.Subject.Setup("http://127.0.0.1").AsSubscriber is not null;

    private Task UsageLimit(PlayWish wish, CancellationToken token) => Trouble(KitStep.UsageLimit, FailureClass.UsageLimit, "conformance-usage-limit: Ask for more.", wish, token);

    private async Task Approval(CancellationToken token)
    {
        if (!play.Can.AsksApproval)
        {
            play.Tell(KitStep.Approval, StepResult.Absent("the protocol has no permission questions"));
            return;
        }

        var talk = await Live(PlayWish.Asking, token);
        talk.AllowsAll = false;
        var mark = talk.Mark;
        await talk.Prompt("conformance-approval: Run the command.", token);
        var first = await talk.Until(mark, e => e is AgentEvent.ApprovalAsked or AgentEvent.TurnEnded, Play.TurnBound, token);
        talk.AllowsAll = true;
        if (first is not AgentEvent.ApprovalAsked asked)
        {
            play.Tell(KitStep.Approval, first is AgentEvent.TurnEnded { Ending: var early }
                ? early.Outcome == Outcome.Succeeded
                    ? StepResult.Failed(WasRun() ? "it was to ask before it runs a command, and ran it" : "it ended its turn without asking whether it may run a command", talk.Evidence())
                    : Play.Judge(talk, early)
                : StepResult.Failed($"it neither asked nor ended its turn within {Play.Words(Play.TurnBound)}", talk.Evidence()));
            return;
        }

        if (WasRun())
        {
            play.Tell(KitStep.Approval, StepResult.Failed("it asked whether it may run a command when it had run it already", talk.Evidence()));
            return;
        }

        await talk.Give(new Input.Answer(asked.ApprovalId, Allow: true, null), token);
        var judged = Play.Judge(talk, await talk.End(mark, Play.TurnBound, token));
        play.Tell(KitStep.Approval, judged.Outcome != StepOutcome.Passed || WasRun() ? judged : StepResult.Failed("it was allowed to run its command and did not", talk.Evidence()));
    }

    private bool WasRun() => File.Exists(Path.Combine(play.Tree.Path, "approved.txt"));

    private async Task Trouble(KitStep step, FailureClass wanted, string prompt, PlayWish wish, CancellationToken token)
    {
        var talk = await Live(wish, token);
        var (mark, before) = (talk.Mark, ModelLog.Requests(play.Model.Log).Count);
        await talk.Prompt(prompt, token);
        bool Tells(AgentEvent e) => e is AgentEvent.TurnEnded || Names(e, wanted);
        var seen = await talk.Until(mark, Tells, Play.RetryBound, token);
        var asked = ModelLog.Requests(play.Model.Log).Count - before;
        // One that has asked again and told nothing would go on so for minutes.
        if (seen is null && asked < 2) seen = await talk.Until(mark, Tells, Play.TroubleBound, token);
        play.Tell(step, seen switch
        {
            AgentEvent.Limit or AgentEvent.Trouble => StepResult.Passed,
            AgentEvent.TurnEnded { Ending.Outcome: Outcome.Failed } ended when ended.Ending.Class == wanted => StepResult.Passed,
            AgentEvent.TurnEnded ended => StepResult.Failed($"the model refused with {Refusal(step)}, and the turn counts as {Play.Name(ended.Ending)}: {ended.Ending.Reason}", talk.Evidence()),
            _ when asked > 1 => StepResult.Absent($"it asks again by itself ({asked} times in {Play.Words(Play.RetryBound)}) and says nothing of it; Drover sees only its silence"),
            _ => StepResult.Failed($"the model refused with {Refusal(step)}, and nothing was said of it within {Play.Words(Play.TroubleBound)}", talk.Evidence()),
        });
        await Calm(talk, token);
    }

    /// <summary>While it asks again by itself, it is enough that it says why.</summary>
    private static bool Names(AgentEvent e, FailureClass wanted) =>
        e is AgentEvent.Limit limit && limit.Class == wanted || e is AgentEvent.Trouble trouble && trouble.Class == wanted;

    private static string Refusal(KitStep step) => step switch
    {
        KitStep.RateLimit => "429, too many requests",
        KitStep.UsageLimit => "the limit of a plan",
        KitStep.AuthError => "401, a key that is not known",
        KitStep.Start or KitStep.PromptAccepted or KitStep.ToolCall or KitStep.Approval or KitStep.Steer or KitStep.Interrupt or KitStep.Resume or KitStep.Fork or KitStep.UsageReported
            or KitStep.Crash or KitStep.Silence => throw new ArgumentOutOfRangeException(nameof(step)),
    };

    /// <summary>An agent that still asks again is interrupted; one that does not come to rest is not used for what follows.</summary>
    private static async Task Calm(AgentTalk talk, CancellationToken token)
    {
        if (talk.HasEnded || !talk.TurnOpen) return;
        await talk.Give(new Input.Interrupt(), token);
        await talk.End(talk.Mark, Play.StopBound, token);
    }

    private async Task<AgentTalk> Live(PlayWish wish, CancellationToken token)
    {
        if (_talk is { HasEnded: false, TurnOpen: false } rests) return rests;
        if (_talk is not null) await _talk.DisposeAsync();
        _talk = await play.Open(null, wish, token);
        await _talk.Until(0, e => e is AgentEvent.HandshakeAnswered or AgentEvent.TurnEnded, Play.StartBound, token);
        return _talk;
    }
}
