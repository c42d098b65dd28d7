using Drover.Core;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>Waits out a vendor's trouble with the agent's process alive, and then goes on with the conversation. Until when stands in the row, so that a
/// restarted server waits on; whatever is said to the agent meanwhile ends the wait.</summary>
internal sealed class Waiting(RunPlace place, Talk talk)
{
    public async Task<bool> Begin(RunFacts facts)
    {
        var run = talk.Run;
        await place.Journal.Do(Priority.Urgent, tx => Begin(tx, run, facts, place.Random.NextDouble()));
        place.Crash.At(CrashPoint.WaitStored);
        talk.Refresh();
        return true;
    }

    /// <summary>Stores until when the run waits. One that waits already does so no longer than before.</summary>
    /// <param name="spread">From 0 to 1, at random: see <see cref="WaitRules"/>.</param>
    public static void Begin(Tx tx, RunRow run, RunFacts facts, double spread)
    {
        var turn = facts.LastTurn!;
        if (WaitRules.Of(turn, facts.LastTurnAt, facts.Patience, spread) is not WaitDecision.Until { At: var until } || !RunTable.BeginWait(tx, run.Id, until)) return;
        tx.Emit(EventTypes.RunWaiting, new(run.Project, run.Ticket, run.Id), RunActor.Loop, EventBody.Object(
            ("until", until), ("class", turn.Class.Word()), ("reason", turn.Reason), ("inARow", facts.Patience.InARow + 1)));
    }

    public async Task<bool> GoOn(RunFacts facts, CancellationToken ct)
    {
        var id = talk.Run.Id;
        // An agent that never took up its first prompt knows nothing of its task yet.
        var text = facts.Accepted ? GoOnPrompt.AfterWait(facts.LastTurn!.Class ?? FailureClass.Other) : place.Journal.Read(db => RunTable.OrderOf(db, id))!.Opening!;
        talk.Machine.GoOn(text);
        await talk.Store(ct, tx => RunTable.EndWait(tx, id));
        talk.Refresh();
        return true;
    }
}
