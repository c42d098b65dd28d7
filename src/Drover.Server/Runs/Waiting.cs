using Drover.Core;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>Waits out a vendor's trouble with the agent's process alive, and then goes on with the conversation. Until when stands in the row, so that a
/// restarted server waits on; whatever is said to the agent meanwhile ends the wait.</summary>
internal sealed class Waiting(RunPlace place, Talk talk)
{
    public async Task<bool> Begin(RunFacts facts)
    {
        var (run, turn) = (talk.Run, facts.LastTurn!);
        if (WaitRules.Of(turn, facts.LastTurnAt, facts.Patience, place.Random.NextDouble()) is not WaitDecision.Until { At: var until }) return false;
        await place.Journal.Do(Priority.Urgent, tx =>
        {
            if (!RunTable.BeginWait(tx, run.Id, until)) return;
            tx.Emit(EventTypes.RunWaiting, new(run.Project, run.Ticket, run.Id), RunActor.Loop, EventBody.Object(
                ("until", until), ("class", turn.Class.Word()), ("reason", turn.Reason), ("inARow", facts.Patience.InARow + 1)));
        });
        place.Crash.At(CrashPoint.WaitStored);
        talk.Refresh();
        return true;
    }

    public async Task<bool> GoOn(RunFacts facts, CancellationToken ct)
    {
        var id = talk.Run.Id;
        // An agent that never took up its first prompt knows nothing of its task yet.
        var text = facts.Accepted ? GoOnPrompt.AfterWait(facts.LastTurn!.Class ?? FailureClass.Other) : place.Journal.Read(db => RunTable.OrderOf(db, id))!.Prompt!;
        talk.GoOn(text);
        await talk.Store(ct, tx => RunTable.EndWait(tx, id));
        talk.Refresh();
        return true;
    }
}
