using System.Runtime.CompilerServices;

namespace Drover.Server.Feeding;

/// <summary>One subscriber's way through the journal. What waits for it in memory is bounded; who falls behind in the present is ended, not waited for.</summary>
internal sealed class Subscription
{
    /// <summary>The most items that wait for a live subscriber.</summary>
    internal const int MostWaiting = 4096;

    /// <summary>The most characters of data that wait for a live subscriber.</summary>
    internal const int MostCharacters = 8 * 1024 * 1024;

    private const int MostDeltas = 256;

    private const int PageSize = 500;

    private readonly Feed feed;
    private readonly FeedRequest request;
    private readonly Lock gate = new();
    private readonly SemaphoreSlim changed = new(0, 1);
    private List<FeedItem> waiting = [];
    private int deltas;
    private long characters;
    private Cursor position;
    private bool attached;

    internal Subscription(Feed feed, Cursor start, FeedRequest request)
    {
        this.feed = feed;
        this.request = request;
        Start = position = Last = start;
    }

    /// <summary>The subscription tells everything after this.</summary>
    internal Cursor Start { get; }

    /// <summary>Where to come back to: everything wanted up to here was taken.</summary>
    internal Cursor Last { get; private set; }

    /// <summary>Why the batches ended; null while they do not, or when the reader itself stopped.</summary>
    internal FeedEnd? Ended { get; private set; }

    /// <summary>The batches, until the feed ends the subscription or the token is cancelled (which throws, as usual). To be enumerated once.</summary>
    internal async IAsyncEnumerable<FeedBatch> Read([EnumeratorCancellation] CancellationToken cancel)
    {
        try
        {
            while (Ended is null)
            {
                if (feed.TryAttach(this, position))
                {
                    while (Take() is var (going, batch) && going)
                    {
                        if (batch is null) await changed.WaitAsync(cancel).ConfigureAwait(false);
                        else yield return batch;
                    }
                }
                else if (NextPage(cancel) is { } page)
                {
                    if (page.Items.Count > 0) yield return page;
                    else await Task.Yield();
                }
            }
        }
        finally
        {
            feed.Detach(this);
            End(null);
        }
    }

    internal bool IsAttached
    {
        get
        {
            lock (gate) return attached;
        }
    }

    internal void Attach_UnderFeedGate()
    {
        lock (gate) attached = true;
    }

    /// <summary>Puts down the events of a commit. False when the subscription is not to be offered more.</summary>
    internal bool Offer(FeedItem.Stored[] items)
    {
        lock (gate)
        {
            if (!attached) return false;
            var waitedBefore = waiting.Count > deltas;
            foreach (var item in items)
            {
                if (item.Event.Seq <= position.Seq || !request.Filter.Wants(item.Event)) continue;
                waiting.Add(item);
                characters += item.Event.Data.Length;
            }

            if (waiting.Count - deltas > MostWaiting || characters > MostCharacters)
            {
                // Nothing waited: the subscriber is quick and the commit is huge, so it is read from the file instead.
                Leave_UnderGate(waitedBefore ? FeedEnd.Slow : null);
                return false;
            }

            position = new(Math.Max(position.Seq, items[^1].Event.Seq));
            if (waiting.Count == deltas) Last = position;
            else Signal_UnderGate();
            return true;
        }
    }

    internal void Offer(FeedItem.Delta delta)
    {
        if (!request.Deltas || !request.Filter.Wants(delta.About)) return;
        lock (gate)
        {
            if (!attached || deltas >= MostDeltas) return;
            deltas++;
            waiting.Add(delta);
            Signal_UnderGate();
        }
    }

    internal void End(FeedEnd? reason)
    {
        lock (gate) Leave_UnderGate(reason);
    }

    /// <summary>What waits. Not going: the subscription is no longer live, and goes on in the file unless it is ended.</summary>
    private (bool Going, FeedBatch? Batch) Take()
    {
        lock (gate)
        {
            if (!attached) return (false, null);
            if (waiting.Count == 0) return (true, null);
            var items = waiting;
            (waiting, deltas, characters) = ([], 0, 0);
            Last = position;
            return (true, new(items, position));
        }
    }

    private FeedBatch? NextPage(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (feed.Next(position, request.Filter, PageSize) is not { } page)
        {
            End(FeedEnd.Pruned);
            return null;
        }

        Last = position = page.Cursor;
        return new([.. page.Events.Select(row => new FeedItem.Stored(row))], page.Cursor);
    }

    private void Leave_UnderGate(FeedEnd? reason)
    {
        attached = false;
        (waiting, deltas, characters) = ([], 0, 0);
        Ended ??= reason;
        Signal_UnderGate();
    }

    private void Signal_UnderGate()
    {
        if (changed.CurrentCount == 0) changed.Release();
    }
}
