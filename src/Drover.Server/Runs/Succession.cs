using Drover.Core;
using Drover.Node.Containing;
using Drover.Node.Keeping;
using Drover.Server.Host;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>Gives the agent of a run another process when one has ended and <see cref="SuccessionRules"/> have the run go on. The intent is a row, with which the run
/// starts again; then it waits as long as it must, what the former process has left is cleared away, and from there on it is a start like any other.</summary>
internal sealed class Succession(RunPlace place, RunRow run)
{
    /// <summary>Stores that another process follows, and what it begins with; false when none does.</summary>
    /// <param name="farewell">How the former process ended; what is to be known of it stays with the run, whatever comes next.</param>
    public async Task<bool> Intend(Farewell farewell)
    {
        var settings = RunSettings.Parse(place.Journal.Read(db => RunTable.OrderOf(db, run.Id))!.Settings);
        var ended = place.Journal.Read(db => TurnTable.EndedOfProcess(db, run.Id, 2));
        if (Cause(ended) is not { Result: { } turn, EndedAt: { } endedAt }) return false;
        var facts = new RunFacts
        {
            Role = run.Role,
            State = run.State,
            HasWorktree = !run.NoWorktree,
            Stop = run.Stop,
            Fault = run.Fault,
            LastTurn = turn,
            LastTurnAt = endedAt,
            Turns = ended[0].Number,
            MostTurns = settings.Limits.Turns,
            Patience = settings.Limits.PatienceOf(run),
            Resumes = run.ResumeVendorId is not null,
            Forks = run.ForkOf is not null,
            CannotResume = Resumption.Obstacle(place, run, settings),
            Accepted = run.Progress.AcceptedAt is not null,
        };
        var intended = SuccessionRules.Of(facts) switch
        {
            Successor.SameConversation => await place.Journal.Do(Priority.Urgent, tx => GoOnWithSame(tx, facts) && Keep(tx, farewell)),
            Successor.FreshConversation => await place.Journal.Do(Priority.Urgent, tx => GoOnAfresh(tx, turn) && Keep(tx, farewell)),
            null => false,
        };
        if (intended) place.Crash.At(CrashPoint.SuccessorIntended);
        return intended;
    }

    /// <summary>The turn over which the process ended; null when none has ended.</summary>
    /// <param name="ended">Newest first.</param>
    private static TurnRow? Cause(IReadOnlyList<TurnRow> ended) =>
        ended is [{ IsUntaken: true } last, var before] && SuccessionRules.IsOwed(last.Result!, before.Result!) ? before : ended.FirstOrDefault();

    private bool GoOnWithSame(Tx tx, RunFacts facts)
    {
        // What a conversation holds, told by whichever process, is not told again.
        var isTold = facts.Accepted || RunTable.OrderOf(tx, run.Id)!.GoOn is not null;
        if (!RunTable.GoOnWithSame(tx, run.Id, isTold ? GoOnPrompt.AfterWait(facts.LastTurn!.Class ?? FailureClass.Other) : null)) return false;
        new LooseEnds(tx, run).HandOver();
        Waiting.Begin(tx, run, facts, place.Random.NextDouble());
        return true;
    }

    private bool GoOnAfresh(Tx tx, TurnResult turn)
    {
        var reason = $"the agent could not go on with the conversation {run.ResumeVendorId}: {turn.Reason}";
        if (!RunTable.GoOnAfresh(tx, run.Id, reason)) return false;
        new LooseEnds(tx, run).HandOver();
        tx.Emit(EventTypes.RunAnew, new(run.Project, run.Ticket, run.Id), RunActor.Loop, EventBody.Object(("reason", reason)));
        return true;
    }

    private bool Keep(Tx tx, Farewell farewell)
    {
        if (farewell.Note is { } note) RunTable.AddNote(tx, run.Id, note);
        return true;
    }

    /// <summary>Makes the run ready for its agent's next process; it may be that it is to end meanwhile.</summary>
    public async Task Do(Wake wake, CancellationToken ct)
    {
        if (!await WaitForVendor(wake, ct)) return;
        var job = place.Job(run.Id);
        StopResult?[] stopped = [await Stopper.Stop(job, TimeSpan.Zero, place.Time, ct), await Dependants.End(place, job, ct)];
        if (stopped.OfType<StopResult.MayHaveEscaped>().FirstOrDefault(e => e.Pids.Count > 0) is { } left)
        {
            // Two processes of one agent in one worktree would undo each other's work.
            await place.Journal.Do(Priority.Urgent, tx => RunTable.RecordFault(tx, run.Id,
                new(Outcome.Failed, FailureClass.Other, $"its agent's former process could not be ended, so that no other could follow: {left.Why}")));
            return;
        }

        place.Jobs.Unfollow(job);
        Remnants.Clear(job);
        place.Crash.At(CrashPoint.RemnantsCleared);
        await place.Journal.Do(Priority.Urgent, tx =>
        {
            RunTable.EndWait(tx, run.Id);
            if (RunTable.RemnantsCleared(tx, run.Id)) tx.Emit(EventTypes.RunStarting, new(run.Project, run.Ticket, run.Id), RunActor.Loop);
        });
    }

    /// <summary>Until the vendor's trouble is over, or somebody says something to the agent. False when the run is to end.</summary>
    private async Task<bool> WaitForVendor(Wake wake, CancellationToken ct)
    {
        while (place.Journal.Read(db => RunTable.Get(db, run.Id)) is { Stop: null, Fault: null } now)
        {
            if (now.Wait is not { Until: { } until, Since: { } since } || until <= place.Time.GetUtcNow()) return true;
            // What was said before and is carried over has had its wait.
            if (place.Journal.Read(db => SteerTable.Untaken(db, run.Id)).Exists(s => s.CreatedAt > since)) return true;
            await wake.WaitAsync(ct);
        }

        return false;
    }
}
