using Drover.Core;
using Drover.Node.Containing;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>A run that was to go on with a conversation, and whose agent ended without taking up its prompt, starts its agent once more, with a conversation
/// of its own and the full prompt. The intent is a row; what the first process has left goes before the row says that the run starts, so that nobody can take
/// one process's files for the other's.</summary>
internal sealed class BeginningAnew(RunPlace place, RunRow run)
{
    /// <summary>Stores that it is so, with the reason; false when it is not.</summary>
    public async Task<bool> Intend()
    {
        var last = place.Journal.Read(db => TurnTable.LastEnded(db, run.Id)?.Result);
        var facts = new RunFacts
        {
            Role = run.Role,
            State = run.State,
            HasWorktree = !run.NoWorktree,
            Stop = run.Stop,
            Fault = run.Fault,
            LastTurn = last,
            Resumes = run.ResumeVendorId is not null,
            Forks = run.ForkOf is not null,
            Accepted = run.Progress.AcceptedAt is not null,
        };
        if (!RunRules.BeginsAnew(facts)) return false;
        var reason = $"the agent could not go on with the conversation {run.ResumeVendorId}: {last!.Reason}";
        var intended = await place.Journal.Do(Priority.Urgent, tx =>
        {
            if (!RunTable.IntendAnew(tx, run.Id, reason)) return false;
            tx.Emit(EventTypes.RunAnew, new(run.Project, run.Ticket, run.Id), RunActor.Loop, EventBody.Object(("reason", reason)));
            return true;
        });
        place.Crash.At(CrashPoint.AnewIntended);
        return intended;
    }

    public async Task Do(CancellationToken ct)
    {
        var job = place.Job(run.Id);
        await Stopper.Stop(job, TimeSpan.Zero, place.Time, ct);
        place.Jobs.Unfollow(job);
        if (Directory.Exists(job.Path)) Directory.Delete(job.Path, recursive: true);
        place.Crash.At(CrashPoint.AnewCleared);
        await place.Journal.Do(Priority.Urgent, tx =>
        {
            if (RunTable.BeginAnew(tx, run.Id)) tx.Emit(EventTypes.RunStarting, new(run.Project, run.Ticket, run.Id), RunActor.Loop);
        });
    }
}
