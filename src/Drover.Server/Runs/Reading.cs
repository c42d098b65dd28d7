using Drover.Agents;
using Drover.Core;
using Drover.Node.Keeping;
using Drover.Node.Spooling;

namespace Drover.Server.Runs;

/// <summary>Reads what an agent writes, a slice at a time, and has it understood and stored.</summary>
internal sealed class Reading(Talk talk, Watchdog watchdog, JobDirectory job, long quota) : IDisposable
{
    /// <summary>The quota is looked at once for so many bytes.</summary>
    private const long HoldEvery = 1 << 20;

    private readonly SpoolReader _spool = SpoolReader.Open(job, talk.Run.Progress.Watermark);
    private long _heldAt;

    /// <summary>Reads one slice; true when that was all there is.</summary>
    public async Task<bool> Next(CancellationToken ct)
    {
        using var read = _spool.Read();
        if (read is SpoolRead.ShorterThanWatermark { Length: var length })
        {
            await talk.Fault(new(Outcome.Lost, null, $"the agent's output has {length} bytes, fewer than were read of it: its end was lost with the machine's power"), ct);
            return true;
        }

        if (read is not SpoolRead.Slice slice)
        {
            await talk.Fault(new(Outcome.Lost, null, "a part of the agent's output is gone that was never read"), ct);
            return true;
        }

        foreach (var item in slice.Items) Take(item);
        talk.ReadTo(slice.Watermark);
        await talk.Store(ct);
        HoldQuota();
        return slice.AtEnd;
    }

    /// <summary>All that is left once nobody writes any more, a last line without its end included. That line is stored with whatever is stored next.</summary>
    public async Task Rest(CancellationToken ct)
    {
        while (!await Next(ct))
        {
            // More slices follow.
        }

        using var last = _spool.ReadLast();
        if (last is not SpoolRead.Slice slice) return;
        foreach (var item in slice.Items) Take(item);
        talk.ReadTo(slice.Watermark);
    }

    private void Take(SpoolItem item)
    {
        var said = talk.Machine.Apply(Replay.InputOf(item), item switch
        {
            SpoolItem.Line line => new Slim.Place(line.Offset, line.Bytes.Length),
            SpoolItem.TooLong line => new Slim.Place(line.Offset, (int)Math.Min(int.MaxValue, line.Length)),
            _ => null,
        });
        watchdog.Hear(said);
    }

    /// <summary>What is read and stored need not fill the disk while the agent goes on.</summary>
    private void HoldQuota()
    {
        var read = talk.Run.Progress.Watermark;
        if (read - _heldAt < HoldEvery) return;
        _heldAt = read;
        SpoolQuota.Hold(job, read, quota);
    }

    public void Dispose() => _spool.Dispose();
}
