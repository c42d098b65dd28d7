using Drover.Core;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>What is still open between people and an agent whose process has ended: messages, and its questions. Nothing that was written is ever written again.</summary>
internal sealed class LooseEnds(Tx tx, RunRow run)
{
    private readonly Subject _about = new(run.Project, run.Ticket, run.Id);

    /// <summary>No other process follows.</summary>
    /// <param name="unwritten">Why a message that was not written never will be.</param>
    public void Close(string unwritten)
    {
        foreach (var steer in SteerTable.Open(tx, run.Id))
        {
            if (IsUnknown(steer)) continue;
            SteerTable.Refused(tx, steer.Id, unwritten);
            Tell(EventTypes.SteerRefused, steer, unwritten);
        }

        Expire("the run ended before anybody answered");
    }

    /// <summary>Another process follows: it is given the messages that this one never was.</summary>
    public void HandOver()
    {
        foreach (var steer in SteerTable.Open(tx, run.Id))
        {
            if (!IsUnknown(steer)) SteerTable.GiveBack(tx, steer.Id);
        }

        Expire("the agent's process ended before anybody answered");
        // Nobody waits for these answers any more, and the next process may call its own questions by the same names.
        foreach (var answer in ApprovalTable.Untaken(tx, run.Id)) ApprovalTable.Taken(tx, answer.Id, null);
    }

    private bool IsUnknown(SteerRow steer)
    {
        const string unread = "the agent ended before it said that it had read it";
        if (!SteerTable.Unknown(tx, steer.Id, unread)) return false;
        Tell(EventTypes.SteerUnknown, steer, unread);
        return true;
    }

    private void Expire(string why)
    {
        foreach (var asked in ApprovalTable.Pending(tx, run.Id)) ApprovalSettling.Settle(tx, run, asked.Id, ApprovalState.Expired, RunActor.Loop, why);
    }

    private void Tell(string type, SteerRow steer, string why) => tx.Emit(type, _about, RunActor.Loop, EventBody.Object(("steer", steer.Id.Value), ("why", why)));
}
