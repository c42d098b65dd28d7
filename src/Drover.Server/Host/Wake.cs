using System.Threading.Channels;

namespace Drover.Server.Host;

/// <summary>A wake-up that coalesces: many signals before a wait are one. Losing one costs latency only, since every loop also wakes once a second.</summary>
internal sealed class Wake
{
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Signal() => _signal.Writer.TryWrite(true);

    public ValueTask<bool> WaitAsync(CancellationToken ct) => _signal.Reader.ReadAsync(ct);
}
