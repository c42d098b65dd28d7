using System.Threading.Channels;

namespace Drover.Server.Host;

/// <summary>A wake-up that coalesces: many signals before a wait are one. Losing one costs latency only, since every loop also wakes once a second.
/// It remembers whether anybody wanted a look at everything, or only at what the job has written.</summary>
internal sealed class Wake
{
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private volatile bool _isThorough = true;

    public void Signal()
    {
        _isThorough = true;
        _signal.Writer.TryWrite(true);
    }

    /// <summary>The job has written something; of anything else nothing is known to be new.</summary>
    public void SignalOutput() => _signal.Writer.TryWrite(true);

    /// <summary>Whether somebody wanted a look at everything since this was last asked. The first look is one.</summary>
    public bool TakeThorough()
    {
        if (!_isThorough) return false;
        _isThorough = false;
        return true;
    }

    public ValueTask<bool> WaitAsync(CancellationToken ct) => _signal.Reader.ReadAsync(ct);
}
