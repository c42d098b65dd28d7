using Drover.Core;
using Drover.Node.Keeping;

namespace Drover.Server.Runs;

/// <summary>Starts an agent's process under its keeper. The first start and every adoption are the same; only a new start waits for its place at the gate,
/// which it holds until the agent has answered its handshake.</summary>
internal sealed class StartingUp(RunPlace place, Talk talk, Launching launch, JobDirectory job) : IDisposable
{
    private IDisposable? _place;

    public async Task Do(CancellationToken ct)
    {
        if (talk.Run.State == RunState.Stopping || talk.Run is { Stop: not null } or { Fault: not null }) return;
        if (Keeper.Look(job) is not JobState.NotStarted || !await new NextMinute(place, talk, launch.Plan).Wait(ct) || !await WaitAtGate(ct)) return;
        place.Crash.At(CrashPoint.KeeperIntended);
        var spec = await launch.Job(ct);
        var state = spec.Unfit() is { } unfit ? new JobState.NotStarted(unfit) : await Keeper.EnsureStarted(job, spec, place.Time, ct);
        place.Crash.At(CrashPoint.KeeperLaunched);
        if (state is JobState.NotStarted { Why: var why })
            await talk.Fault(new(Outcome.Failed, FailureClass.Crashed, $"the agent could not be started: {why}"), ct);
    }

    /// <summary>Lets the next one start; nothing when it holds no place.</summary>
    public void OpenGate()
    {
        _place?.Dispose();
        _place = null;
    }

    /// <summary>False when the run is to end before its turn came.</summary>
    private async Task<bool> WaitAtGate(CancellationToken ct)
    {
        var home = launch.Plan.StartsAlone ? launch.Home : null;
        while ((_place = await place.StartGate.Enter(home, TimeSpan.FromMilliseconds(500), ct)) is null)
        {
            talk.Refresh();
            if (talk.Run is { Stop: not null } or { Fault: not null }) return false;
        }

        return true;
    }

    public void Dispose() => OpenGate();
}
