using Drover.Core;
using Drover.Node.Merging;
using Drover.Node.Trees;
using Drover.Server.Journaling;
using Drover.Server.Projects;
using Drover.Server.Runs;

namespace Drover.Server.Landing;

/// <summary>Makes the commit that the target would become, or says why there can be none.</summary>
internal sealed class MakeCandidate(RunPlace place, OpenProject project, LandingProgress progress, TicketRow ticket, AttemptRow attempt)
{
    /// <summary>True when there is one.</summary>
    public async Task<bool> Do(LandingNow.At now, CancellationToken ct)
    {
        if (await CommittedLinks(ct) is { Count: > 0 } links)
            return await Block($"its branch holds links that Drover had put into the worktree ({string.Join(", ", links)}); remove them from the commits, then `drover merge {ticket.Key}`");
        var run = place.Journal.Read(db => RunTable.Of(db, attempt.Project, attempt.Id)).FirstOrDefault()?.Id;
        var landing = new LandingCommit(LandingMessage.Of(ticket.Key, ticket.Title, run), await CommitterOf(now, ct));
        var candidate = await Candidate.Make(project.Repository, now.Tip, now.Head, now.Config.Land, landing, ct);
        place.Crash.At(CrashPoint.CandidateMade);
        switch (candidate)
        {
            case Candidate.Clean clean:
                await progress.Made(now, run, clean);
                return true;
            case Candidate.Conflict conflict:
                await progress.Conflicts(now, run, conflict.Files);
                return false;
            case Candidate.NothingNew when await project.Repository.IsAncestor(now.Head, now.Tip, ct):
                await progress.HeldAlready(now, await project.Repository.TreeOf(now.Tip, ct));
                return false;
            case Candidate.NothingNew:
                return await Block($"its commits change nothing that {now.Target} does not have already; `drover run resume {ticket.Key}` goes on, `drover ticket cancel {ticket.Key}` ends it");
            case Candidate.NotAhead:
                return await Block($"`land: ff` needs a branch that is ahead of {now.Target}, and {now.Target} has moved on; rebase {attempt.Branch}, then `drover merge {ticket.Key}`");
            case Candidate.Unrelated:
                return await Block($"its branch and {now.Target} have no history in common");
            default:
                throw new InvalidOperationException($"{candidate} is no kind of candidate");
        }
    }

    private async Task<IReadOnlyList<string>> CommittedLinks(CancellationToken ct) =>
        project.Worktrees.Find(attempt.Id.Directory, attempt.Branch) is { } worktree && attempt.Base is { } start
            ? (await Facts.Read(worktree, start, ct)).CommittedLinks : [];

    private async Task<Committer> CommitterOf(LandingNow.At now, CancellationToken ct) =>
        now.Config.Committer ?? await Committer.Of(project.Repository, ct) ?? Committer.Drover;

    private async Task<bool> Block(string reason)
    {
        await progress.Block(reason);
        return false;
    }
}
