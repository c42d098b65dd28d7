namespace Drover.Core;

/// <summary>What a run goes on with when its agent's process has ended and its task has not.</summary>
public enum Successor
{
    /// <summary>Another process goes on with the same conversation, when the wait for the vendor is over.</summary>
    SameConversation,

    /// <summary>Another process begins at once with a conversation of its own and the full prompt: the agent does not know the other one any more.</summary>
    FreshConversation,
}

/// <summary>Decides whether a run's agent is given another process. The run stays one run: its turns, usage, events, messages and worktree are kept, and
/// with the same conversation that as well.</summary>
public static class SuccessionRules
{
    /// <summary>Asked when the process is gone, and all that it wrote is read. Null: the run settles.</summary>
    public static Successor? Of(RunFacts run)
    {
        if (run is not { Stop: null, Fault: null, LastTurn: { } turn }) return null;
        if (WaitRules.Of(turn, run.LastTurnAt, run.Patience, 0) is WaitDecision.Until)
            return run.CannotResume is null && TurnRules.HasRoom(run.Turns, 0, run.MostTurns) ? Successor.SameConversation : null;
        return IsForgotten(run, turn) ? Successor.FreshConversation : null;
    }

    /// <summary>Whether a turn ended only because the process did, and that because of the turn before: a process that ends over what passes may still owe an answer to
    /// a message that it has not taken up.</summary>
    /// <param name="untaken">A turn that ended before the agent began it.</param>
    public static bool IsOwed(TurnResult untaken, TurnResult before) =>
        untaken is { Class: FailureClass.Crashed or FailureClass.Killed } && WaitRules.IsTransient(before);

    /// <summary>Whether the agent has ended without taking up its prompt, for a reason that has nothing to do with logins, limits or anybody's wish. Most often it
    /// does not know the conversation any more. Who asked for a copy of one gets that or nothing.</summary>
    private static bool IsForgotten(RunFacts run, TurnResult turn) => run is { Resumes: true, Forks: false, Accepted: false } && turn is { Outcome: Outcome.Failed, Class: { } cause } && cause switch
    {
        FailureClass.Protocol or FailureClass.Crashed or FailureClass.Refused or FailureClass.Context or FailureClass.Other => true,
        FailureClass.Auth or FailureClass.RateLimit or FailureClass.UsageLimit or FailureClass.Overloaded or FailureClass.MaxTurns or FailureClass.Budget
            or FailureClass.Connection or FailureClass.Killed or FailureClass.Silent or FailureClass.NoCommits => false,
    };
}
