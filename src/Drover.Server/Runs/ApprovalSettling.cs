using Drover.Core;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>The one way in which an open question is decided by whoever is not its agent: the row with its event, for the run's loop to take up.</summary>
internal static class ApprovalSettling
{
    /// <summary>False when it has been settled already.</summary>
    public static bool Settle(Tx tx, RunRow run, MessageId approval, ApprovalState state, Principal by, string? why)
    {
        if (!ApprovalTable.Settle(tx, approval, state, by, why)) return false;
        tx.Emit(EventTypes.ApprovalSettled, new(run.Project, run.Ticket, run.Id), by, EventBody.Object(("approval", approval.Value), ("state", state.Word()), ("why", why)));
        return true;
    }
}
