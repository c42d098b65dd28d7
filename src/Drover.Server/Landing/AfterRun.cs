using Drover.Core;
using Drover.Server.Journaling;
using Drover.Server.Runs;

namespace Drover.Server.Landing;

/// <summary>Where a ticket goes once the runs on it have settled.</summary>
internal static class AfterRun
{
    private static readonly Principal s_actor = Principal.Server("tickets");

    /// <param name="limits">Those of the project's settings in force.</param>
    public static PipelineMove Of(Db db, TicketRow ticket, PipelineLimits limits)
    {
        if (ticket.Blocked is not null || ticket.Held is not null || ticket.Pace.NotBefore is not null) return new PipelineMove.Stay();
        var runs = RunTable.Of(db, ticket.Key);
        if (runs.Exists(r => r.State != RunState.Settled)) return new PipelineMove.Stay();
        var facts = new PipelineTicket(ticket.Stage, Held: false, ReviewWay.None, ticket.Pace.Retries, ticket.Pace.Rounds);
        if (ticket.Stage == Stage.Review) return Pipeline.OfReview(facts);
        // A run that ended before the ticket came to its stage has been answered for.
        if (runs.Find(r => r.Role == Role.Coder) is not { Ending: { } ending, EndedAt: { } ended } run || ended < ticket.Pace.Since) return new PipelineMove.Stay();
        if (run.Cleanup && ending.Outcome != Outcome.Succeeded)
            return new PipelineMove.Block($"{run.Name}, which was started with --cleanup, ended as {ending.Outcome.Word()}: {ending.Reason}");
        return run.NoWorktree ? NoWorktree(run, ending)
            : ending.Outcome == Outcome.Succeeded && run.Attempt is { } attempt && CleaningUp.IsOwed(run, RunTable.Of(db, run.Project, attempt))
                ? new PipelineMove.Block($"{run.Name} succeeded and was started with --cleanup: its work is not to land by itself; `drover salvage list` shows where it is kept")
                : Pipeline.AfterRun(facts, run.Role, run.Name, ending, ended, limits);
    }

    /// <summary>Whether a settled run, or the stage itself, moves the ticket on; how depends on the project's settings.</summary>
    public static bool IsOwed(Db db, TicketRow ticket) => Of(db, ticket, PipelineLimits.Usual) is not PipelineMove.Stay;

    public static void Apply(Tx tx, TicketKey key, PipelineLimits limits)
    {
        if (TicketTable.Get(tx, key) is { } ticket) Moves.Apply(tx, ticket, Of(tx, ticket, limits), s_actor);
    }

    /// <summary>Work in the user's own checkout is the user's: Drover neither commits nor lands it, nor tries it again.</summary>
    private static PipelineMove NoWorktree(RunRow run, Ending ending) => new PipelineMove.Block(ending.Outcome == Outcome.Succeeded
        ? $"{run.Name} worked in your own checkout; commit what you want of it, then `drover ticket cancel` or go on with `drover run start`"
        : $"{run.Name} in your own checkout ended as {ending.Outcome.Word()}: {ending.Reason}");
}
