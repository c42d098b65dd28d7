using Drover.Core;
using Drover.Node.Merging;
using Drover.Node.Trees;
using Drover.Server.Config;
using Drover.Server.Journaling;
using Drover.Server.Projects;
using Drover.Server.Runs;

namespace Drover.Server.Landing;

/// <summary>Brings one ticket's work to the target branch, a step at a time: candidate, gates, the word of a human where one is needed, the move. Every step
/// leaves a fact, so that a restarted server goes on behind the last one.</summary>
internal sealed class TicketLanding(RunPlace place, OpenProject project, TicketRow ticket, AttemptRow attempt)
{
    private const string ByItself = "; it lands by itself then";

    private static readonly Principal s_actor = Principal.Server("landing");

    /// <summary>True when another step may follow at once; false when the ticket waits, is blocked, or has landed.</summary>
    public async Task<bool> Step(CancellationToken ct)
    {
        var open = place.Journal.Read(db => LandingTable.OpenOf(db, attempt.Project, attempt.Id));
        if (open is { State: LandingState.Intended }) return await Move(open);
        var state = await project.Now(attempt.Target, ct);
        if (state is ProjectNow.Unusable unusable) return await Block(unusable.Why);
        var now = (ProjectNow.At)state;
        if (now.Config.Config is not { } config) return await Block(now.Config.Warning ?? "drover.yaml cannot be used");
        if (await project.Repository.Resolve(attempt.Branch, ct) is not { } head) return await Block($"its branch {attempt.Branch} is gone");
        if (open is not null && (open.Head != head || open.Old != now.Tip || open.Target != now.Target)) return await Drop(open, config, head, now, ct);

        var (receipts, words) = place.Journal.Read(db => (
            open?.Tree is { } tree ? ReceiptTable.Of(db, attempt.Project, tree) : [], LandingApprovalTable.Of(db, attempt.Project, attempt.Id, head)));
        var facts = new LandingFacts
        {
            Policy = config.Merge,
            Head = head,
            Target = now.Tip,
            Candidate = open?.New,
            GatesPassed = open is not null && config.Gates.All(g => Gating.Passed(g, receipts)),
            ProtectedChanges = open?.New is { } made ? config.Protected.Among(await Diff.Files(project.Repository, now.Tip, made, ct)) : [],
            Approved = words.Exists(w => w.Word == LandingWord.Approve),
            Ordered = words.Exists(w => w.Word == LandingWord.Merge),
        };
        return LandingRules.Next(ticket.Key, facts) switch
        {
            LandingStep.MakeCandidate => await MakeCandidate(config, now, head, ct),
            LandingStep.RunGates => await RunGates(open!, config, now, ct),
            LandingStep.Wait wait => await Wait(open!, wait.Why),
            LandingStep.Land => await Intend(open!, ct),
            var step => throw new InvalidOperationException($"{step} is no step of a landing"),
        };
    }

    private async Task<bool> MakeCandidate(ProjectConfig config, ProjectNow.At now, CommitSha head, CancellationToken ct)
    {
        if (await CommittedLinks(ct) is { Count: > 0 } links)
            return await Block($"its branch holds links that Drover had put into the worktree ({string.Join(", ", links)}); remove them from the commits, then `drover merge {ticket.Key}`");
        var run = place.Journal.Read(db => RunTable.Of(db, attempt.Project, attempt.Id)).FirstOrDefault();
        var committer = config.Committer is { } c ? new Node.Merging.Committer(c.Name, c.Email) : await Node.Merging.Committer.Of(project.Repository, ct);
        var message = LandingMessage.Of(ticket.Key, ticket.Title, run?.Id ?? new("0000000000000000"));
        var candidate = await Candidate.Make(project.Repository, now.Tip, head, config.Land, new(message, committer ?? new("Drover", "drover@localhost")), ct);
        place.Crash.At(CrashPoint.CandidateMade);
        return candidate switch
        {
            Candidate.Clean clean => await Record(clean, config, now, head, run),
            Candidate.NothingNew when await project.Repository.IsAncestor(head, now.Tip, ct) => await LandedByHand(now, head, ct),
            Candidate.NothingNew => await Block($"its commits change nothing that {now.Target} does not have already; `drover run start {ticket.Key}` goes on, `drover ticket cancel {ticket.Key}` ends it"),
            Candidate.Conflict conflict => await Conflict(conflict, config, now, head, run),
            Candidate.NotAhead => await Block($"`land: ff` needs a branch that is ahead of {now.Target}, and {now.Target} has moved on; rebase {attempt.Branch}, then `drover merge {ticket.Key}`"),
            Candidate.Unrelated => await Block($"its branch and {now.Target} have no history in common"),
            _ => throw new InvalidOperationException($"{candidate} is no kind of candidate"),
        };
    }

    private async Task<IReadOnlyList<string>> CommittedLinks(CancellationToken ct) =>
        project.Worktrees.Find(attempt.Id.Directory, attempt.Branch) is { } worktree && attempt.Base is { } start
            ? (await Facts.Read(worktree, start, ct)).CommittedLinks : [];

    private async Task<bool> Record(Candidate.Clean clean, ProjectConfig config, ProjectNow.At now, CommitSha head, RunRow? run)
    {
        await place.Journal.Do(Priority.Urgent, tx =>
        {
            LandingTable.Insert(tx, Row(tx, config, now, head, run, LandingState.Made) with { New = clean.Commit, Tree = clean.Tree });
            Tell(tx, EventTypes.LandingMade, ("commit", clean.Commit.Value), ("tree", clean.Tree.Value), ("target", now.Target.Value));
        });
        return true;
    }

    private async Task<bool> Conflict(Candidate.Conflict conflict, ProjectConfig config, ProjectNow.At now, CommitSha head, RunRow? run)
    {
        var reason = $"does not merge with {now.Target}: {string.Join(", ", conflict.Files.Take(10))}";
        await place.Journal.Do(Priority.Urgent, tx =>
        {
            LandingTable.Insert(tx, Row(tx, config, now, head, run, LandingState.Conflict) with { Reason = reason, Files = conflict.Files });
            Tell(tx, EventTypes.LandingConflict, ("files", conflict.Files), ("target", now.Target.Value));
            BlockIn(tx, ticket, $"{reason}. Nothing was changed; rebase {attempt.Branch} by hand and `drover merge {ticket.Key}`, or `drover run start {ticket.Key}` to have an agent do it");
        });
        return false;
    }

    private LandingRow Row(Tx tx, ProjectConfig config, ProjectNow.At now, CommitSha head, RunRow? run, LandingState state) => new(
        LandingTable.NextId(tx), attempt.Project, ticket.Key, attempt.Id, run?.Id, now.Target, config.Land, state, head, now.Tip, null, null, null, [],
        s_actor, tx.Now, tx.Now);

    /// <summary>The target holds the branch already: somebody has merged it by hand.</summary>
    private async Task<bool> LandedByHand(ProjectNow.At now, CommitSha head, CancellationToken ct)
    {
        var tree = await project.Repository.TreeOf(now.Tip, ct);
        await place.Journal.Do(Priority.Urgent, tx =>
        {
            var row = Row(tx, now.Config.Config!, now, head, null, LandingState.Landed);
            LandingTable.Insert(tx, row with { New = now.Tip, Tree = tree });
            Finish(tx, now.Tip, $"{now.Target} held it already");
        });
        return false;
    }

    private async Task<bool> RunGates(LandingRow open, ProjectConfig config, ProjectNow.At now, CancellationToken ct)
    {
        if (open.State == LandingState.Made) await place.Journal.Do(Priority.Urgent, tx => LandingTable.Move(tx, open.Id, LandingState.Made, LandingState.Testing));
        if (open.State == LandingState.Tested) await place.Journal.Do(Priority.Urgent, tx => LandingTable.Move(tx, open.Id, LandingState.Tested, LandingState.Testing));
        var failed = await new Gating(place, project, open).Run(config, now.Config.From!.Value, ct);
        if (failed is null) return true;
        await place.Journal.Do(Priority.Urgent, tx =>
        {
            var reason = $"gate `{failed.Gate}` {failed.Failure}";
            if (!LandingTable.End(tx, open.Id, LandingState.Testing, LandingState.Failed, reason, [])) return;
            Tell(tx, EventTypes.LandingFailed, ("gate", failed.Gate), ("reason", reason));
            BlockIn(tx, ticket, $"{reason} on the tree that would land. `drover ticket show {ticket.Key}` has its output; `drover run start {ticket.Key}` has an agent mend it");
        });
        return false;
    }

    private async Task<bool> Wait(LandingRow open, string why)
    {
        if (open.Reason == why) return false;
        await place.Journal.Do(Priority.Urgent, tx =>
        {
            if (open.State == LandingState.Made) LandingTable.Move(tx, open.Id, LandingState.Made, LandingState.Tested);
            if (LandingTable.Move(tx, open.Id, LandingState.Testing, LandingState.Tested)) Tell(tx, EventTypes.LandingTested, ("commit", open.New?.Value));
            if (LandingTable.Explain(tx, open.Id, why)) Tell(tx, EventTypes.LandingWaits, ("why", why));
        });
        return false;
    }

    /// <summary>The intent stands before the target moves: after a crash the target itself says whether it did.</summary>
    private async Task<bool> Intend(LandingRow open, CancellationToken ct)
    {
        await new Gating(place, project, open).Clear(ct);
        var isIntended = await place.Journal.Do(Priority.Urgent, tx =>
        {
            // From here on nobody moves, cancels or starts anything on the ticket until the landing says how it ended.
            if (TicketTable.Get(tx, ticket.Key) is not { Stage: Stage.Merging, Blocked: null, Held: null }) return false;
            if (RunTable.Of(tx, ticket.Key).Exists(r => r.State != RunState.Settled) || !LandingTable.Move(tx, open.Id, open.State, LandingState.Intended)) return false;
            if (open.Reason?.EndsWith(ByItself, StringComparison.Ordinal) != true)
                Tell(tx, EventTypes.LandingIntended, ("old", open.Old.Value), ("new", open.New?.Value), ("target", open.Target.Value));
            return true;
        });
        if (isIntended) place.Crash.At(CrashPoint.LandingIntended);
        return isIntended;
    }

    /// <summary>Moves the target. A git that writes is never cut off half-way, also not when the server is told to stop.</summary>
    private async Task<bool> Move(LandingRow open)
    {
        var (commit, ct) = (open.New!.Value, CancellationToken.None);
        if (await Target.Judge(project.Repository, open.Target, open.Old, commit, ct) is TargetState.Landed) return await Landed(open, null);
        await Durable.Make(project.Repository, open.Old, commit, ct);
        var moved = await Target.Move(project.Repository, project.Worktrees.Root, open.Target, open.Old, commit, ct);
        place.Crash.At(CrashPoint.TargetMoved);
        switch (moved)
        {
            case TargetMove.Moved done: return await Landed(open, done.Checkout);
            case TargetMove.Waits waits:
                var why = $"{waits.Reason}{(waits.Files.Count == 0 ? "" : $" ({string.Join(", ", waits.Files.Take(10))})")}{ByItself}";
                await place.Journal.Do(Priority.Urgent, tx =>
                {
                    // The target has not moved, so nothing is intended any more until it is tried again.
                    LandingTable.Move(tx, open.Id, LandingState.Intended, LandingState.Tested);
                    if (LandingTable.Explain(tx, open.Id, why)) Tell(tx, EventTypes.CheckoutWaits, ("why", waits.Reason), ("files", waits.Files));
                });
                return false;
            case TargetMove.Raced raced:
                await place.Journal.Do(Priority.Urgent, tx =>
                {
                    var reason = $"{open.Target} moved to {raced.Actual?.Short ?? "nowhere"} first; it is tested again on top of that";
                    if (LandingTable.End(tx, open.Id, LandingState.Intended, LandingState.Raced, reason, [])) Tell(tx, EventTypes.LandingRaced, ("reason", reason));
                });
                return true;
            default: throw new InvalidOperationException($"{moved} is no way to move a branch");
        }
    }

    private async Task<bool> Landed(LandingRow open, string? checkout)
    {
        await place.Journal.Do(Priority.Urgent, tx =>
        {
            if (!LandingTable.Move(tx, open.Id, LandingState.Intended, LandingState.Landed)) return;
            Finish(tx, open.New!.Value, $"landed on {open.Target} as {open.New!.Value.Short}");
            if (checkout is not null) Tell(tx, EventTypes.CheckoutFollowed, ("checkout", checkout));
        });
        place.Crash.At(CrashPoint.LandingStored);
        return false;
    }

    private void Finish(Tx tx, CommitSha commit, string reason)
    {
        AttemptTable.Land(tx, attempt.Project, attempt.Id);
        Tell(tx, EventTypes.LandingLanded, ("commit", commit.Value));
        if (TicketTable.Get(tx, ticket.Key) is not { } now || now.Stage.IsFinal() || !TicketTable.Move(tx, ticket.Key, now.Stage, Stage.Done)) return;
        Tell(tx, EventTypes.TicketMoved, ("from", now.Stage.Word()), ("to", Stage.Done.Word()), ("reason", reason));
    }

    /// <summary>Head or target have moved since the candidate was made: it says nothing any more.</summary>
    private async Task<bool> Drop(LandingRow open, ProjectConfig config, CommitSha head, ProjectNow.At now, CancellationToken ct)
    {
        await new Gating(place, project, open).Clear(ct);
        var (state, type, reason) = open.Head != head
            ? (LandingState.Abandoned, EventTypes.LandingAbandoned, $"the branch moved to {head.Short}")
            : (LandingState.Raced, EventTypes.LandingRaced, $"{now.Target} moved to {now.Tip.Short}; it is tested again on top of that");
        await place.Journal.Do(Priority.Urgent, tx =>
        {
            if (LandingTable.End(tx, open.Id, open.State, state, reason, [])) Tell(tx, type, ("reason", reason));
        });
        return true;
    }

    private async Task<bool> Block(string reason)
    {
        await place.Journal.Do(Priority.Urgent, tx => BlockIn(tx, ticket, reason));
        return false;
    }

    public static void BlockIn(Tx tx, TicketRow ticket, string reason)
    {
        if (TicketTable.Block(tx, ticket.Key, reason, s_actor))
            tx.Emit(EventTypes.TicketBlocked, new(ticket.Project, ticket.Key), s_actor, EventBody.Object(("reason", reason)));
    }

    private void Tell(Tx tx, string type, params ReadOnlySpan<(string, object?)> data) =>
        tx.Emit(type, new(ticket.Project, ticket.Key), s_actor, EventBody.Object([.. data, ("attempt", attempt.Id.ToString())]));
}
