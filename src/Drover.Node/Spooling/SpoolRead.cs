namespace Drover.Node.Spooling;

/// <summary>A piece of an agent's output.</summary>
/// <param name="Offset">Where the line begins, counted from the beginning of the spool.</param>
public abstract record SpoolItem(long Offset)
{
    /// <param name="Bytes">Without the line feed. Valid until the slice is disposed.</param>
    public sealed record Line(long Offset, ReadOnlyMemory<byte> Bytes) : SpoolItem(Offset);

    /// <summary>A line longer than is accepted was passed over.</summary>
    /// <param name="Length">Its bytes, without the line feed.</param>
    public sealed record TooLong(long Offset, long Length) : SpoolItem(Offset);
}

/// <summary>What one read gave.</summary>
public abstract class SpoolRead : IDisposable
{
    private SpoolRead() { }

    /// <summary>Gives the buffer back; the lines of a slice are void afterwards.</summary>
    public virtual void Dispose() { }

    /// <summary>The spool holds less than was already read: its end was lost, as in a loss of power. Nothing can be read from it any more.</summary>
    public sealed class ShorterThanWatermark(long length) : SpoolRead
    {
        public long Length => length;
    }

    /// <summary>What stood at the watermark was given back to the disk (<see cref="SpoolQuota"/>): a watermark older than the stored one cannot be read from.</summary>
    public sealed class Freed : SpoolRead;

    public sealed class Slice : SpoolRead
    {
        private readonly SpoolReader _reader;

        internal Slice(SpoolReader reader, IReadOnlyList<SpoolItem> items, long watermark, bool atEnd)
        {
            (_reader, Items, Watermark, AtEnd) = (reader, items, watermark, atEnd);
        }

        public IReadOnlyList<SpoolItem> Items { get; }

        /// <summary>The byte after the last item: where a later reader goes on.</summary>
        public long Watermark { get; }

        /// <summary>Whether the read came to the spool's end. False: read again at once.</summary>
        public bool AtEnd { get; }

        public override void Dispose() => _reader.Release();
    }
}
