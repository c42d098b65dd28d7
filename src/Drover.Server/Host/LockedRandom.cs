namespace Drover.Server.Host;

/// <summary>One source of randomness for many threads; <see cref="Random"/> itself is for one.</summary>
internal sealed class LockedRandom(Random inner) : Random
{
    private readonly Lock _lock = new();

    public override long NextInt64(long maxValue)
    {
        lock (_lock) return inner.NextInt64(maxValue);
    }

    public override void NextBytes(Span<byte> buffer)
    {
        lock (_lock) inner.NextBytes(buffer);
    }
}
