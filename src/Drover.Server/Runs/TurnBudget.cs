using Drover.Core;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>Keeps back the messages that would take a run beyond the turns that it may have. They stay queued, and are given when what was given before them took no turn.</summary>
/// <param name="joins">Whether the agent takes a message for now into its running turn.</param>
internal sealed class TurnBudget(RunPlace place, Talk talk, int? most, bool joins)
{
    /// <summary>How many were kept back, as last looked.</summary>
    public int Withheld { get; private set; }

    /// <summary>What the agent may be given now, oldest first.</summary>
    public IReadOnlyList<SteerRow> Sayable()
    {
        var id = talk.Run.Id;
        var (untaken, promised, turns, ended) = place.Journal.Read(db => (SteerTable.Untaken(db, id), SteerTable.CountTaken(db, id), TurnTable.Of(db, id), TurnTable.LastOfProcess(db, id)));
        // A turn that has not begun takes no message in: the machine may hold its prompt back still, and would give the message a turn behind it.
        var hasBegun = turns.Exists(t => t.EndedAt is null);
        // The first prompt of a process takes a turn, though it may not have begun yet.
        var begun = turns.Count + ((talk.Machine.TurnOpen || ended is null) && !hasBegun ? 1 : 0);
        List<SteerRow> sayable = [];
        foreach (var steer in untaken)
        {
            if (steer.Mode == SteerMode.Now && joins && hasBegun && talk.Machine.TurnOpen)
            {
                sayable.Add(steer);
            }
            else if (TurnRules.HasRoom(begun, promised, most))
            {
                sayable.Add(steer);
                promised++;
            }
        }

        Withheld = untaken.Count - sayable.Count;
        return sayable;
    }
}
