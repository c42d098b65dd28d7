using Drover.Core;
using Drover.Node.Merging;
using Drover.Server.Journaling;
using Drover.Server.Runs;

namespace Drover.Server.Landing;

/// <summary>How far a ticket's landing has come, as rows and events. Each method is one command that moves the landing on and tells so; one that comes too late
/// changes nothing.</summary>
internal sealed class LandingProgress(Journal journal, TicketRow ticket, AttemptRow attempt)
{
    /// <summary>Ends the reason of a landing that waits for the user's checkout alone.</summary>
    private const string ByItself = "; it lands by itself then";

    private static readonly Principal s_queue = Principal.Server("landing");

    public Task Made(LandingNow.At now, RunId? run, Candidate.Clean made) => Do(tx =>
    {
        LandingTable.Insert(tx, Row(tx, now, run, LandingState.Made) with { New = made.Commit, Tree = made.Tree });
        Tell(tx, EventTypes.LandingMade, ("commit", made.Commit.Value), ("tree", made.Tree.Value), ("target", now.Target.Value));
    });

    public Task Conflicts(LandingNow.At now, RunId? run, IReadOnlyList<string> files) => Do(tx =>
    {
        var reason = $"does not merge with {now.Target}: {string.Join(", ", files.Take(10))}";
        LandingTable.Insert(tx, Row(tx, now, run, LandingState.Conflict) with { Reason = reason, Files = files });
        Tell(tx, EventTypes.LandingConflict, ("files", files), ("target", now.Target.Value));
        SendBack.Do(tx, ticket.Key, "conflict", $"{now.Head}/{now.Tip}", $"The branch {reason}. Merge {now.Target} ({now.Tip}) into the branch and resolve the conflicts so that both sides' intentions hold.", reason, now.Config.Pipeline);
    });

    /// <summary>The target holds the branch already: somebody has merged it by hand.</summary>
    public Task HeldAlready(LandingNow.At now, TreeSha tree) => Do(tx =>
    {
        LandingTable.Insert(tx, Row(tx, now, null, LandingState.Landed) with { New = now.Tip, Tree = tree });
        Finish(tx, now.Tip, $"{now.Target} held it already");
    });

    public Task Tests(LandingRow open) => Do(tx =>
    {
        foreach (var from in (LandingState[])[LandingState.Made, LandingState.Tested]) LandingTable.Move(tx, open.Id, from, LandingState.Testing);
    });

    public Task Fails(LandingRow open, FailedGate failed, PipelineLimits limits) => Do(tx =>
    {
        var reason = $"gate `{failed.Gate}` {failed.Failure}";
        if (!LandingTable.End(tx, open.Id, LandingState.Testing, LandingState.Failed, reason, [])) return;
        Tell(tx, EventTypes.LandingFailed, ("gate", failed.Gate), ("reason", reason));
        var output = ReceiptTable.Of(tx, attempt.Project, open.Tree!.Value).FirstOrDefault(r => r.Gate == failed.Gate)?.OutputTail;
        SendBack.Do(tx, ticket.Key, "gate", $"{open.Head}/{failed.Gate}", $"The {reason} on the tree that the branch and {open.Target} make together. The end of what it wrote:\n\n{output}", reason, limits);
    });

    public Task Waits(LandingRow open, string why) => Do(tx =>
    {
        if (open.State == LandingState.Made) LandingTable.Move(tx, open.Id, LandingState.Made, LandingState.Tested);
        if (LandingTable.Move(tx, open.Id, LandingState.Testing, LandingState.Tested)) Tell(tx, EventTypes.LandingTested, ("commit", open.New?.Value));
        if (LandingTable.Explain(tx, open.Id, why)) Tell(tx, EventTypes.LandingWaits, ("why", why));
    });

    /// <summary>From here on nobody moves, cancels or starts anything on the ticket until the landing says how it ended.</summary>
    public Task<bool> Intend(LandingRow open) => journal.Do(Priority.Urgent, tx =>
    {
        if (TicketTable.Get(tx, ticket.Key) is not { Stage: Stage.Merging, Blocked: null, Held: null }) return false;
        if (RunTable.Of(tx, ticket.Key).Exists(r => r.State != RunState.Settled) || !LandingTable.Move(tx, open.Id, open.State, LandingState.Intended)) return false;
        // A checkout that is waited for is tried every few seconds: the first try alone is told.
        if (open.Reason?.EndsWith(ByItself, StringComparison.Ordinal) != true)
            Tell(tx, EventTypes.LandingIntended, ("old", open.Old.Value), ("new", open.New?.Value), ("target", open.Target.Value));
        return true;
    });

    /// <summary>The target has not moved, so nothing is intended any more until it is tried again.</summary>
    public Task CheckoutWaits(LandingRow open, TargetMove.Waits waits) => Do(tx =>
    {
        var files = waits.Files.Count == 0 ? "" : $" ({string.Join(", ", waits.Files.Take(10))})";
        LandingTable.Move(tx, open.Id, LandingState.Intended, LandingState.Tested);
        if (LandingTable.Explain(tx, open.Id, waits.Reason + files + ByItself)) Tell(tx, EventTypes.CheckoutWaits, ("why", waits.Reason), ("files", waits.Files));
    });

    public Task Raced(LandingRow open, CommitSha? tip) => Do(tx =>
    {
        var reason = $"{open.Target} moved to {tip?.Short ?? "nowhere"} first; it is tested again on top of that";
        if (LandingTable.End(tx, open.Id, LandingState.Intended, LandingState.Raced, reason, [])) Tell(tx, EventTypes.LandingRaced, ("reason", reason));
    });

    /// <summary>Head or target have moved since the candidate was made: it says nothing any more.</summary>
    public Task Outdated(LandingRow open, LandingNow.At now) => Do(tx =>
    {
        var (state, type, reason) = open.Head != now.Head
            ? (LandingState.Abandoned, EventTypes.LandingAbandoned, $"the branch moved to {now.Head.Short}")
            : (LandingState.Raced, EventTypes.LandingRaced, $"{now.Target} moved to {now.Tip.Short}; it is tested again on top of that");
        if (LandingTable.End(tx, open.Id, open.State, state, reason, [])) Tell(tx, type, ("reason", reason));
    });

    /// <param name="checkout">The user's checkout that has followed; null when there is none.</param>
    public Task Landed(LandingRow open, string? checkout) => Do(tx =>
    {
        if (!LandingTable.Move(tx, open.Id, LandingState.Intended, LandingState.Landed)) return;
        Finish(tx, open.New!.Value, $"landed on {open.Target} as {open.New!.Value.Short}");
        if (checkout is not null) Tell(tx, EventTypes.CheckoutFollowed, ("checkout", checkout));
    });

    public Task Block(string reason) => Do(tx => Block(tx, ticket, reason));

    public static void Block(Tx tx, TicketRow ticket, string reason)
    {
        if (TicketTable.Block(tx, ticket.Key, reason, s_queue))
            tx.Emit(EventTypes.TicketBlocked, new(ticket.Project, ticket.Key), s_queue, EventBody.Object(("reason", reason)));
    }

    private LandingRow Row(Tx tx, LandingNow.At now, RunId? run, LandingState state) => new(
        LandingTable.NextId(tx), attempt.Project, ticket.Key, attempt.Id, run, now.Target, now.Config.Land, state, now.Head, now.Tip, null, null, null, [],
        s_queue, tx.Now, tx.Now);

    private void Finish(Tx tx, CommitSha commit, string reason)
    {
        AttemptTable.Land(tx, attempt.Project, attempt.Id);
        Tell(tx, EventTypes.LandingLanded, ("commit", commit.Value));
        if (TicketTable.Get(tx, ticket.Key) is not { } now || now.Stage.IsFinal() || !TicketTable.Move(tx, ticket.Key, now.Stage, Stage.Done)) return;
        Tell(tx, EventTypes.TicketMoved, ("from", now.Stage.Word()), ("to", Stage.Done.Word()), ("reason", reason));
    }

    private Task Do(Action<Tx> command) => journal.Do(Priority.Urgent, command);

    private void Tell(Tx tx, string type, params ReadOnlySpan<(string, object?)> data) =>
        tx.Emit(type, new(ticket.Project, ticket.Key), s_queue, EventBody.Object([.. data, ("attempt", attempt.Id.ToString())]));
}
