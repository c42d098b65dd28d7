using Drover.Agents;
using Drover.Api;
using Drover.Core;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>A message to a run as the API shows it.</summary>
internal static class SteerView
{
    public static SteerJson Of(SteerRow steer) => new(steer.Id.Value, steer.Run.Value, steer.Mode.Word(), steer.State.Word(), steer.Why)
    {
        Text = steer.Text.Length > Slim.Inline ? steer.Text[..Slim.Inline] : steer.Text,
        By = steer.By.ToString(),
        CreatedAt = steer.CreatedAt,
        WrittenAt = steer.WrittenAt,
        SettledAt = steer.SettledAt,
    };

    /// <summary>What of the mode the run's agent cannot do, so that nobody waits for it; null when it can.</summary>
    public static string? Shortfall(RunRow run, SteerMode mode, AdapterCapabilities? capabilities) => (mode, capabilities) switch
    {
        (SteerMode.Now, { SaysInsideTurn: false }) => $"{run.Agent} ({run.Adapter}) takes no message inside a turn; it is given after the turn",
        (SteerMode.Interrupt, { Interrupts: false }) => $"the turn of {run.Agent} ({run.Adapter}) cannot be interrupted; the message is given after it",
        _ => null,
    };

    /// <summary>That a message which is queued already may never be given, since it would take a turn more than the run may have; null when there is a turn for it.</summary>
    public static string? WithoutTurn(Db db, RunRow run, SteerMode mode, RunLimits limits, AdapterCapabilities? capabilities)
    {
        var turns = TurnTable.Of(db, run.Id);
        if (mode == SteerMode.Now && capabilities is { SaysInsideTurn: true } && turns is [.., { EndedAt: null }]) return null;
        var before = SteerTable.CountOpen(db, run.Id) - 1;
        return TurnRules.HasRoom(turns.Count, before, limits.Turns) ? null
            : $"{run.Name} has no turn left for it (limits.turns is {limits.Turns}); it is given only if what was said before it takes none";
    }
}
