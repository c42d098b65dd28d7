namespace Drover.Core;

/// <summary>What a ticket's stage makes of the end of a run, a verdict, or a landing's failure.</summary>
/// <param name="Retries">Failed runs in a row that were begun again.</param>
/// <param name="Rounds">How often its work was sent back in a row: by gates, a reviewer, a conflict.</param>
public sealed record PipelineTicket(Stage Stage, bool Held, ReviewWay Review, int Retries, int Rounds);

/// <param name="Retries">The most that a project allows.</param>
/// <param name="MostRounds">How often work is sent back before a human looks at it.</param>
public sealed record PipelineLimits(RetryLimits Retries, int MostRounds)
{
    public static readonly PipelineLimits Usual = new(RetryLimits.Usual, 5);
}

/// <summary>Where a ticket goes next.</summary>
public abstract record PipelineMove
{
    private PipelineMove() { }

    public sealed record Stay : PipelineMove;

    public sealed record To(Stage Stage, string Reason) : PipelineMove;

    /// <summary>It stays in its stage, and a run of the same kind starts again then.</summary>
    public sealed record Again(DateTimeOffset At, bool Counts, bool Fresh, string Reason) : PipelineMove;

    /// <summary>It goes to coding, and its coder goes on in the same conversation with what was found.</summary>
    public sealed record Back(string Reason) : PipelineMove;

    /// <summary>It stays where it is until somebody does something.</summary>
    public sealed record Block(string Reason) : PipelineMove;
}

/// <summary>The way of a ticket from the coder to the target branch.</summary>
public static class Pipeline
{
    /// <param name="ending">How the newest run of <paramref name="role"/> ended, which is the only thing that the ticket waits for.</param>
    public static PipelineMove AfterRun(PipelineTicket ticket, Role role, RunName run, Ending ending, DateTimeOffset ended, PipelineLimits limits)
    {
        if (ticket.Held || !WorksAt(role, ticket.Stage)) return new PipelineMove.Stay();
        if (ending.Outcome == Outcome.Succeeded) return role == Role.Coder ? AfterCoder(ticket, run) : new PipelineMove.Stay();
        var said = Said(run, ending);
        return RetryRules.Of(ending, ticket.Retries, ended, limits.Retries) switch
        {
            RetryDecision.Again again => new PipelineMove.Again(again.At, again.Counts, again.Fresh, said),
            RetryDecision.Block block => new PipelineMove.Block($"{said}; {block.Why}"),
            var other => throw new ArgumentOutOfRangeException(nameof(ending), other, "no decision"),
        };
    }

    /// <summary>Work that is to be looked at waits in review; other work passes through to the merge queue.</summary>
    public static PipelineMove OfReview(PipelineTicket ticket) => ticket is { Held: false, Stage: Stage.Review, Review: ReviewWay.None }
        ? new PipelineMove.To(Stage.Merging, "its project asks for no review") : new PipelineMove.Stay();

    /// <summary>The work was looked at and found good, at the head that it has.</summary>
    public static PipelineMove Approved(PipelineTicket ticket, Principal by) => ticket is { Held: false, Stage: Stage.Review }
        ? new PipelineMove.To(Stage.Merging, $"approved by {by}") : new PipelineMove.Stay();

    /// <summary>Gates, a reviewer or a conflict send the work back; too often, and a human is asked.</summary>
    public static PipelineMove SentBack(PipelineTicket ticket, string reason, PipelineLimits limits)
    {
        if (ticket.Held || ticket.Stage is not (Stage.Review or Stage.Merging)) return new PipelineMove.Stay();
        return ticket.Rounds < limits.MostRounds ? new PipelineMove.Back(reason)
            : new PipelineMove.Block(limits.MostRounds == 0 ? reason : FormattableString.Invariant($"{reason}; it was sent back {limits.MostRounds} times before (retries.rounds)"));
    }

    private static PipelineMove AfterCoder(PipelineTicket ticket, RunName run) => new PipelineMove.To(Stage.Review, $"{run} succeeded");

    private static bool WorksAt(Role role, Stage stage) => role switch
    {
        Role.Coder => stage == Stage.Coding,
        Role.Reviewer => stage == Stage.Review,
        Role.Merger => stage == Stage.Merging,
        Role.Intake or Role.Orchestrator or Role.Investigator => false,
    };

    private static string Said(RunName run, Ending ending) => ending.Outcome switch
    {
        Outcome.Failed => $"{run} failed ({(ending.Class ?? FailureClass.Other).Word()}): {ending.Reason}",
        Outcome.Interrupted => $"{run} was interrupted: {ending.Reason}",
        Outcome.Stopped => $"{run} was stopped by {ending.Actor}: {ending.Reason}",
        Outcome.Lost => $"{run} was lost: {ending.Reason}",
        Outcome.Succeeded => $"{run} succeeded",
    };
}
