using Drover.Core;
using Drover.Server.Journaling;
using Drover.Server.Runs;

namespace Drover.Server.Landing;

/// <summary>Writes what Core made of a ticket: the move, its event, and what is counted with it.</summary>
internal static class Moves
{
    /// <returns>Whether anything changed.</returns>
    public static bool Apply(Tx tx, TicketRow ticket, PipelineMove move, Principal actor)
    {
        var about = new Subject(ticket.Project, ticket.Key);
        switch (move)
        {
            case PipelineMove.Stay: return false;
            case PipelineMove.To to: return To(tx, ticket, to.Stage, to.Reason, actor);
            case PipelineMove.Back back:
                if (!To(tx, ticket, Stage.Coding, back.Reason, actor)) return false;
                TicketTable.CountRound(tx, ticket.Key);
                tx.Emit(EventTypes.TicketSentBack, about, actor, EventBody.Object(("reason", back.Reason), ("round", ticket.Pace.Rounds + 1)));
                return true;
            case PipelineMove.Block block:
                if (!TicketTable.Block(tx, ticket.Key, block.Reason, actor)) return false;
                tx.Emit(EventTypes.TicketBlocked, about, actor, EventBody.Object(("reason", block.Reason)));
                return true;
            case PipelineMove.Again again:
                TicketTable.Again(tx, ticket.Key, again.At, again.Counts, again.Fresh);
                tx.Emit(EventTypes.TicketAgain, about, actor, EventBody.Object(("reason", again.Reason), ("at", again.At), ("counts", again.Counts), ("fresh", again.Fresh)));
                return true;
            default: throw new ArgumentOutOfRangeException(nameof(move), move, "no move of a ticket");
        }
    }

    private static bool To(Tx tx, TicketRow ticket, Stage to, string reason, Principal actor)
    {
        if (!TicketTable.Move(tx, ticket.Key, ticket.Stage, to)) return false;
        if (ticket.Stage == Stage.Coding) TicketTable.ForgetRetries(tx, ticket.Key);
        tx.Emit(EventTypes.TicketMoved, new(ticket.Project, ticket.Key), actor, EventBody.Object(("from", ticket.Stage.Word()), ("to", to.Word()), ("reason", reason)));
        return true;
    }
}
