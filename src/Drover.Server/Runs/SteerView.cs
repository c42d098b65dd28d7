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
}
