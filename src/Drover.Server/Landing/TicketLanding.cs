using Drover.Core;
using Drover.Node.Trees;
using Drover.Server.Journaling;
using Drover.Server.Projects;
using Drover.Server.Runs;

namespace Drover.Server.Landing;

/// <summary>Brings one ticket's work to the target branch, a step at a time: candidate, gates, the word of a human where one is needed, the move. Every step
/// leaves a fact, so that a restarted server goes on behind the last one.</summary>
internal sealed class TicketLanding(RunPlace place, OpenProject project, TicketRow ticket, AttemptRow attempt)
{
    private readonly LandingProgress _progress = new(place.Journal, ticket, attempt);

    /// <summary>True when another step may follow at once; false when the ticket waits, is blocked, or has landed.</summary>
    public async Task<bool> Step(CancellationToken ct)
    {
        var open = place.Journal.Read(db => LandingTable.OpenOf(db, attempt.Project, attempt.Id));
        // What was intended is brought to its end, whatever has changed since.
        if (open is { State: LandingState.Intended }) return await new MoveTarget(place, project, _progress).Do(open);
        return await LandingNow.Look(project, attempt, ct) switch
        {
            LandingNow.Unusable unusable => await Block(unusable.Why),
            LandingNow.At now when open is not null && !now.IsOf(open) => await Drop(open, now, ct),
            LandingNow.At now => await Step(open, now, ct),
            var other => throw new InvalidOperationException($"{other} is no state of a landing"),
        };
    }

    private async Task<bool> Step(LandingRow? open, LandingNow.At now, CancellationToken ct) =>
        LandingRules.Next(ticket.Key, await Facts(open, now, ct)) switch
        {
            LandingStep.MakeCandidate => await new MakeCandidate(place, project, _progress, ticket, attempt).Do(now, ct),
            LandingStep.RunGates => await RunGates(open!, now, ct),
            LandingStep.Wait wait => await Wait(open!, wait.Why),
            LandingStep.Land => await Intend(open!, ct),
            var step => throw new InvalidOperationException($"{step} is no step of a landing"),
        };

    private async Task<LandingFacts> Facts(LandingRow? open, LandingNow.At now, CancellationToken ct)
    {
        var (receipts, words) = place.Journal.Read(db => (
            open?.Tree is { } tree ? ReceiptTable.Of(db, attempt.Project, tree) : [], LandingApprovalTable.Of(db, attempt.Project, attempt.Id, now.Head)));
        return new()
        {
            Policy = now.Config.Merge,
            Head = now.Head,
            Target = now.Tip,
            Candidate = open?.New,
            GatesPassed = open is not null && now.Config.Gates.All(g => Gating.Passed(g, receipts)),
            ProtectedChanges = open?.New is { } made ? now.Config.Protected.Among(await Diff.Files(project.Repository, now.Tip, made, ct)) : [],
            Approved = words.Exists(w => w.Word == LandingWord.Approve),
            Ordered = words.Exists(w => w.Word == LandingWord.Merge),
        };
    }

    private async Task<bool> RunGates(LandingRow open, LandingNow.At now, CancellationToken ct)
    {
        await _progress.Tests(open);
        if (await new Gating(place, project, open).Run(now.Config, now.ConfigFrom, ct) is not { } failed) return true;
        await _progress.Fails(open, failed, now.Config.Pipeline);
        return false;
    }

    private async Task<bool> Wait(LandingRow open, string why)
    {
        if (open.Reason != why) await _progress.Waits(open, why);
        return false;
    }

    /// <summary>The intent stands before the target moves: after a crash the target itself says whether it did.</summary>
    private async Task<bool> Intend(LandingRow open, CancellationToken ct)
    {
        await new Gating(place, project, open).Clear(ct);
        var isIntended = await _progress.Intend(open);
        if (isIntended) place.Crash.At(CrashPoint.LandingIntended);
        return isIntended;
    }

    private async Task<bool> Drop(LandingRow open, LandingNow.At now, CancellationToken ct)
    {
        await new Gating(place, project, open).Clear(ct);
        await _progress.Outdated(open, now);
        return true;
    }

    private async Task<bool> Block(string reason)
    {
        await _progress.Block(reason);
        return false;
    }
}
