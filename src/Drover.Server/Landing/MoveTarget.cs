using Drover.Core;
using Drover.Node.Merging;
using Drover.Server.Journaling;
using Drover.Server.Projects;
using Drover.Server.Runs;

namespace Drover.Server.Landing;

/// <summary>Brings an intended landing to its end: the target becomes the candidate, waits for the user's checkout, or was moved by somebody else first.</summary>
internal sealed class MoveTarget(RunPlace place, OpenProject project, LandingProgress progress)
{
    /// <summary>Takes no token: a git that writes is never cut off half-way, also not when the server is told to stop. True when somebody else was first and the
    /// landing begins anew.</summary>
    public async Task<bool> Do(LandingRow open)
    {
        var (commit, ct) = (open.New!.Value, CancellationToken.None);
        if (await Target.Judge(project.Repository, open.Target, open.Old, commit, ct) is TargetState.Landed) return await Landed(open, null);
        await Durable.Make(project.Repository, open.Old, commit, ct);
        var moved = await Target.Move(project.Repository, project.Worktrees.Root, open.Target, open.Old, commit, ct);
        place.Crash.At(CrashPoint.TargetMoved);
        switch (moved)
        {
            case TargetMove.Moved done:
                return await Landed(open, done.Checkout);
            case TargetMove.Waits waits:
                await progress.CheckoutWaits(open, waits);
                return false;
            case TargetMove.Raced raced:
                await progress.Raced(open, raced.Actual);
                return true;
            default:
                throw new InvalidOperationException($"{moved} is no way to move a branch");
        }
    }

    private async Task<bool> Landed(LandingRow open, string? checkout)
    {
        await progress.Landed(open, checkout);
        place.Crash.At(CrashPoint.LandingStored);
        return false;
    }
}
