using Drover.Agents;
using Drover.Core;
using Drover.Node.Keeping;
using Drover.Node.Spooling;
using Drover.Server.Host;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>Follows an agent's process: reads what it writes, gives it what is to be said, and brings it to its end. What it remembers is a cache of the
/// run's row, its checkpoint and its spool; opened anew it goes on where the last transaction ended.</summary>
internal sealed class Following : IDisposable
{
    private readonly RunPlace _place;
    private readonly Wake _wake;
    private readonly JobDirectory _job;
    private readonly Talk _talk;
    private readonly Watchdog _watchdog;
    private SpoolReader _spool;
    private RunRow _run;
    private bool _holdsStartGate;

    private Following(RunPlace place, Wake wake, RunRow run, Talk talk, Watchdog watchdog)
    {
        (_place, _wake, _run, _talk, _watchdog) = (place, wake, run, talk, watchdog);
        _job = place.Job(run.Id);
        _spool = SpoolReader.Open(_job, run.Progress.Watermark);
    }

    /// <summary>Takes up the run: from its first start, or from where an earlier server left it.</summary>
    public static async Task<Following> Open(RunPlace place, RunRow run, Wake wake, CancellationToken ct)
    {
        var launch = await Launching.Plan(place, run, ct);
        Directory.CreateDirectory(place.Job(run.Id).Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var talk = Talk.Open(place, run, launch);
        return new(place, wake, run, talk, new Watchdog(place.Time, run, launch));
    }

    public async Task UntilSettled(CancellationToken ct)
    {
        await _talk.Begin(ct);
        while (true)
        {
            var seen = await Look(ct);
            var atEnd = await Read(seen, ct);
            if (seen is JobState.Exited or JobState.Gone && atEnd)
            {
                await _talk.Exited(seen, ErrorTail.Read(_job, 20), ct);
                ReleaseStartGate();
                await new Ending(_place, _job, _talk).Settle(ct);
                return;
            }

            if (_talk.HasHandshake) ReleaseStartGate();
            await _talk.TakeOrders(ct);
            await Advise(seen, atEnd, ct);
            if (atEnd) await _wake.WaitAsync(ct);
        }
    }
}
