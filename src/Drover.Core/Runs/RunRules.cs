namespace Drover.Core;

/// <summary>What a run's loop does next while the agent's process lives.</summary>
public enum RunAdvice
{
    /// <summary>Go on reading.</summary>
    Follow,

    /// <summary>The turn was cut short by what passes: go on later.</summary>
    Wait,

    /// <summary>The wait is over: go on with the conversation.</summary>
    GoOn,

    /// <summary>The turn is over and left uncommitted work: ask once for a commit.</summary>
    AskToCommit,

    /// <summary>Something is left to be said, and the run has had all its turns: end it for that.</summary>
    OutOfTurns,

    /// <summary>Nothing is open any more: close the agent's input and let it end.</summary>
    Finish,

    /// <summary>End the agent now: interrupt, then signals.</summary>
    End,
}

public static class RunRules
{
    /// <summary>How often an agent is asked to commit what it left before the work is salvaged.</summary>
    public const int CommitAsksAtMost = 1;

    public static RunAdvice Advise(RunFacts run)
    {
        if (run.Stop is not null || run.Fault is not null) return RunAdvice.End;
        if (run.LastTurn is null || run.TurnOpen || run.OpenSteers > run.WithheldSteers || run.OpenApprovals > 0) return RunAdvice.Follow;
        if (run.WaitingUntil is { } until) return run.Now < until ? RunAdvice.Follow : RunAdvice.GoOn;
        if (!HasTurnLeft(run)) return run.WithheldSteers > 0 || MayBeAskedToCommit(run) ? RunAdvice.OutOfTurns : RunAdvice.Finish;
        if (WaitRules.Of(run.LastTurn, run.LastTurnAt, run.Patience, 0) is WaitDecision.Until) return RunAdvice.Wait;
        return MayBeAskedToCommit(run) ? RunAdvice.AskToCommit : RunAdvice.Finish;
    }

    /// <summary>How the run ended. The first that holds: Drover lost it, somebody stopped it, Drover found a fault, the turn failed, nothing was committed.</summary>
    public static Ending EndingOf(RunFacts run)
    {
        if (run.Fault is { Outcome: Outcome.Lost } lost) return Ended(lost);
        if (run.Stop is { } stop) return new(Outcome.Stopped, null, stop.Reason, stop.By);
        if (run.Fault is { } fault) return Ended(fault);
        if (run.LastTurn is not { } turn) return Ended(new Fault(Outcome.Failed, FailureClass.Crashed, "the agent ended before its first turn did"));
        if (turn.Outcome != Outcome.Succeeded)
            return new(turn.Outcome, turn.Class, turn.Reason + Impatience(turn, run), Agent) { Retryable = turn.Retryable, ResetsAt = turn.ResetsAt };
        if (run.Role == Role.Coder && run is { HasWorktree: true, Commits: null })
            return new(Outcome.Failed, FailureClass.Other, "the turn ended well, but what it left in its worktree could not be looked at", Loop);
        if (run.Role == Role.Coder && run is { HasWorktree: true, Commits: 0 })
            return new(Outcome.Failed, FailureClass.NoCommits, "the turn ended well, but the branch has no commit beyond its base", Loop);
        return new(Outcome.Succeeded, null, turn.Reason, Agent);
    }

    /// <summary>Why what passes by itself was not waited for.</summary>
    private static string Impatience(TurnResult turn, RunFacts run) => WaitRules.Of(turn, run.LastTurnAt, run.Patience, 0) switch
    {
        WaitDecision.TooLong tooLong => $" ({tooLong.Why})",
        WaitDecision.Until when !HasTurnLeft(run) => $" (there is no turn left to go on in: limits.turns is {run.MostTurns})",
        WaitDecision.Until => $" (its process ended before it could go on{(run.CannotResume is { } why ? $", and {why}" : "")})",
        _ => "",
    };

    private static bool HasTurnLeft(RunFacts run) => TurnRules.HasRoom(run.Turns, 0, run.MostTurns);

    private static bool MayBeAskedToCommit(RunFacts run) =>
        run.Role.Writes() && run is { HasWorktree: true, DirtyFiles: > 0, CommitAsks: < CommitAsksAtMost, LastTurn.Outcome: Outcome.Succeeded };

    private static Ending Ended(Fault fault) => new(fault.Outcome, fault.Class, fault.Reason, Loop);

    private static readonly Principal Loop = Principal.Server("runs");

    private static readonly Principal Agent = new(PrincipalKind.Run, "agent");
}
