using Drover.Core;
using Drover.Node.Repositories;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>What is known of a run when its loop asks what to do.</summary>
internal sealed class Findings(RunPlace place, Talk talk, RunLimits limits)
{
    /// <param name="withheld">Messages that wait for a turn that the run may not have.</param>
    public async Task<RunFacts> Gather(int withheld, CancellationToken ct)
    {
        var run = talk.Run;
        var (last, steers, approvals) = place.Journal.Read(db => (
            TurnTable.LastOfProcess(db, run.Id), SteerTable.CountOpen(db, run.Id), ApprovalTable.CountPending(db, run.Id)));
        var facts = new RunFacts
        {
            Role = run.Role,
            State = run.State,
            HasWorktree = !run.NoWorktree,
            Stop = run.Stop,
            Fault = run.Fault,
            LastTurn = last?.Result,
            LastTurnAt = last?.EndedAt ?? default,
            Patience = limits.PatienceOf(run),
            WaitingUntil = run.Wait.Until,
            Now = place.Time.GetUtcNow(),
            Accepted = run.Progress.AcceptedAt is not null,
            TurnOpen = talk.Machine.TurnOpen,
            OpenSteers = steers,
            WithheldSteers = withheld,
            Turns = last?.Number ?? 0,
            MostTurns = limits.Turns,
            OpenApprovals = approvals,
            CommitAsks = run.Progress.CommitAsks,
        };
        // The worktree is looked at only when everything else is over.
        return RunRules.Advise(facts with { DirtyFiles = 1 }) != RunRules.Advise(facts) ? await LookForDirt(facts, ct) : facts;
    }

    private async Task<RunFacts> LookForDirt(RunFacts facts, CancellationToken ct)
    {
        if (await RunWorktree.Of(place, talk.Run, ct) is not { } worktree) return facts;
        try
        {
            return facts with { DirtyFiles = (await Node.Trees.Facts.Read(worktree, talk.Run.Base!.Value, ct)).UncommittedCount };
        }
        catch (GitFailedException e)
        {
            // An agent may leave its worktree in a state that git cannot tell about. The run ends all the same, and says so when it settles.
            RunLog.Trouble(place.Log, e, talk.Run.Id.Value);
            return facts;
        }
    }
}
