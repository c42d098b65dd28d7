using Drover.Server.Journaling;

namespace Drover.Server.Feeding;

/// <summary>What a subscriber receives.</summary>
internal abstract record FeedItem
{
    private FeedItem() { }

    /// <summary>An entry of the journal.</summary>
    internal sealed record Stored(EventRow Event) : FeedItem;

    /// <summary>A piece of a text (or of a thought) that an agent is still writing. It has no number, is not kept, and may be missing:
    /// the whole text comes as an event.</summary>
    internal sealed record Delta(Subject About, bool IsThought, string Piece) : FeedItem;
}

/// <param name="Items">In order; never empty.</param>
/// <param name="Cursor">Where to go on after these items.</param>
internal sealed record FeedBatch(IReadOnlyList<FeedItem> Items, Cursor Cursor);

/// <param name="Cursor">Where the next page starts.</param>
/// <param name="More">Whether there may be a next page now.</param>
internal sealed record FeedPage(IReadOnlyList<EventRow> Events, Cursor Cursor, bool More);

/// <param name="After">Null = from now on.</param>
/// <param name="Deltas">Whether live deltas are wanted too.</param>
internal sealed record FeedRequest(Cursor? After, FeedFilter Filter, bool Deltas);

/// <summary>Why the feed ended a subscription.</summary>
internal enum FeedEnd
{
    /// <summary>The subscriber took too little for too long. It may come back with its last cursor.</summary>
    Slow,

    /// <summary>While it caught up, what it had not read yet was deleted by retention. It needs a new snapshot.</summary>
    Pruned,

    /// <summary>The server is shutting down.</summary>
    Closed,
}
