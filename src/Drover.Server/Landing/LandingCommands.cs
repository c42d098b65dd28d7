using Drover.Api;
using Drover.Core;
using Drover.Server.Http;
using Drover.Server.Journaling;
using Drover.Server.Runs;

namespace Drover.Server.Landing;

/// <summary>A human's word on a ticket's work.</summary>
internal static class LandingCommands
{
    /// <summary>A ticket that leaves merging by hand takes its landing back.</summary>
    /// <exception cref="Refusal">Its target is being moved this very moment.</exception>
    public static void Abandon(Tx tx, TicketRow ticket, string reason, Principal who)
    {
        if (LandingTable.Of(tx, ticket.Key) is not [{ } newest, ..] || !newest.State.IsOpen()) return;
        if (newest.State == LandingState.Intended) throw new Refusal(Problems.TooLate, $"{ticket.Key} is landing this very moment; look again in a few seconds: drover why {ticket.Key}");
        if (LandingTable.End(tx, newest.Id, newest.State, LandingState.Abandoned, reason, []))
            tx.Emit(EventTypes.LandingAbandoned, new(ticket.Project, ticket.Key), who, EventBody.Object(("reason", reason), ("attempt", newest.Attempt.ToString())));
    }

    /// <summary>Approves exactly this head, or orders it to land. An order also lifts what blocked an earlier try, and takes a ticket along whose coder came to
    /// no good end but left commits.</summary>
    /// <param name="head">The attempt's branch as it is now.</param>
    /// <exception cref="Refusal">There is nothing that could land.</exception>
    public static void Say(Tx tx, TicketKey key, CommitSha? head, LandingWord word, Principal who)
    {
        var ticket = TicketTable.Get(tx, key) ?? throw new Refusal(Problems.TicketNotFound, $"there is no ticket {key}; 'drover ticket list' shows what there is");
        if (!who.IsHuman) throw new Refusal(Problems.HumanOnly, "only a human approves or merges");
        if (ticket.Stage.IsFinal()) throw new Refusal(Problems.NotReadyToLand, $"{key} is {ticket.Stage.Word()}");
        if (ticket.Stage is Stage.Backlog or Stage.Ready)
            throw new Refusal(Problems.NotReadyToLand, $"{key} is in {ticket.Stage.Word()}, where nothing lands; 'drover run start {key}' goes on with it");
        if (ticket.Held is { } held) throw new Refusal(Problems.Held, $"{key} is held by {held.By}; 'drover ticket release {key}' lets it go on");
        if (RunTable.Of(tx, key).Find(r => r.State != RunState.Settled) is { } run)
            throw new Refusal(Problems.StillLive, $"{run.Name} still works on {key}; wait for it or stop it: drover run stop {run.Name}");
        if (AttemptTable.Of(tx, key).FindLast(a => a.ClosedAt is null) is not { } attempt || head is not { } commit || commit == attempt.Base)
            throw new Refusal(Problems.NotReadyToLand, $"{key} has no commits that could land; 'drover run resume {key}' makes some");
        var about = new Subject(ticket.Project, key);
        if (LandingApprovalTable.Insert(tx, new(ticket.Project, attempt.Id, key, commit, word, who, tx.Now)))
            tx.Emit(EventTypes.LandingApproved, about, who, EventBody.Object(("word", word.Word()), ("head", commit.Value), ("attempt", attempt.Id.ToString())));
        if (word != LandingWord.Merge) return;
        if (TicketTable.Unblock(tx, key)) tx.Emit(EventTypes.TicketUnblocked, about, who, EventBody.Object(("reason", "merge was ordered"), ("was", ticket.Blocked?.Reason)));
        foreach (var (from, to) in (ReadOnlySpan<(Stage, Stage)>)[(Stage.Coding, Stage.Review), (Stage.Review, Stage.Merging)])
        {
            if (TicketTable.Move(tx, key, from, to))
                tx.Emit(EventTypes.TicketMoved, about, who, EventBody.Object(("from", from.Word()), ("to", to.Word()), ("reason", "merge was ordered")));
        }
    }
}
