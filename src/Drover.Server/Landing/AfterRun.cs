using Drover.Core;
using Drover.Server.Journaling;
using Drover.Server.Runs;

namespace Drover.Server.Landing;

/// <summary>Where a ticket goes once the runs on it have settled.</summary>
internal static class AfterRun
{
    private static readonly Principal s_actor = Principal.Server("tickets");

    public static TicketMove Of(Db db, TicketRow ticket)
    {
        if (ticket.Blocked is not null || ticket.Held is not null) return new TicketMove.Stay();
        var runs = RunTable.Of(db, ticket.Key);
        if (runs.Exists(r => r.State != RunState.Settled)) return new TicketMove.Stay();
        // Nobody reviews yet: what a coder has finished goes on to the gates.
        if (ticket.Stage == Stage.Review) return new TicketMove.To(Stage.Merging, "its project asks for no review");
        if (runs.Find(r => r.Role == Role.Coder) is not { Ending: { } ending } run) return new TicketMove.Stay();
        return run.NoWorktree ? NoWorktree(run, ending)
            : ending.Outcome == Outcome.Succeeded && run.Attempt is { } attempt && CleaningUp.IsOwed(run, RunTable.Of(db, run.Project, attempt))
                ? new TicketMove.Block($"{run.Name} succeeded and was started with --cleanup: its work is not to land by itself; `drover salvage list` shows where it is kept")
                : TicketRules.AfterCoder(ticket.Stage, run.Name, ending);
    }

    public static void Apply(Tx tx, TicketKey key)
    {
        if (TicketTable.Get(tx, key) is not { } ticket) return;
        var about = new Subject(ticket.Project, key);
        switch (Of(tx, ticket))
        {
            case TicketMove.To to when TicketTable.Move(tx, key, ticket.Stage, to.Stage):
                tx.Emit(EventTypes.TicketMoved, about, s_actor, EventBody.Object(("from", ticket.Stage.Word()), ("to", to.Stage.Word()), ("reason", to.Reason)));
                break;
            case TicketMove.Block block when TicketTable.Block(tx, key, block.Reason, s_actor):
                tx.Emit(EventTypes.TicketBlocked, about, s_actor, EventBody.Object(("reason", block.Reason)));
                break;
            default: break;
        }
    }

    /// <summary>Work in the user's own checkout is the user's: Drover neither commits nor lands it.</summary>
    private static TicketMove NoWorktree(RunRow run, Ending ending) => new TicketMove.Block(ending.Outcome == Outcome.Succeeded
        ? $"{run.Name} worked in your own checkout; commit what you want of it, then `drover ticket cancel` or go on with `drover run start`"
        : $"{run.Name} in your own checkout ended as {ending.Outcome.Word()}: {ending.Reason}");
}
