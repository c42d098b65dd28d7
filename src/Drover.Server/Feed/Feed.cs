using System.Collections.Immutable;
using Drover.Server.Journaling;

namespace Drover.Server.Feeding;

/// <summary>Tells subscribers what was stored, in the order of the journal, each event once. History comes from the file in pages, the present from memory;
/// between the two nothing is left out and nothing comes twice.</summary>
internal sealed class Feed
{
    private readonly Journal journal;
    private readonly Lock gate = new();
    private ImmutableArray<Subscription> live = [];
    private long head;
    private bool closed;

    /// <summary>One feed per journal.</summary>
    internal Feed(Journal journal)
    {
        this.journal = journal;
        journal.Committed = Publish_OnWriterThread;
        var stored = journal.Read(EventTable.LastSeq);
        lock (gate) head = Math.Max(head, stored);
    }

    /// <summary>A subscription is read by one reader, which disposes the enumerator when it has enough.</summary>
    /// <exception cref="CursorException">The cursor is of the future, or older than what is kept.</exception>
    internal Subscription Subscribe(FeedRequest request) =>
        new(this, journal.Read(db => request.After is { } after ? Checked(db, after) : Cursor.Of(db)), request);

    /// <summary>Some history, for who does not want to follow.</summary>
    /// <param name="limit">The most events to look at. A page may hold fewer than there are, and still not be the last.</param>
    /// <exception cref="CursorException">The cursor is of the future, or older than what is kept.</exception>
    internal FeedPage Page(Cursor after, FeedFilter filter, int limit) =>
        journal.Read(db => History.Page(db, Checked(db, after), filter, limit));

    /// <summary>Hands a delta to those who listen now. Never waits; who is busy misses it.</summary>
    internal void Publish(FeedItem.Delta delta)
    {
        foreach (var subscription in live) subscription.Offer(delta);
    }

    /// <summary>Ends all subscriptions, now and later.</summary>
    internal void Close()
    {
        ImmutableArray<Subscription> ended;
        lock (gate)
        {
            closed = true;
            (ended, live) = (live, []);
        }

        foreach (var subscription in ended) subscription.End(FeedEnd.Closed);
    }

    /// <summary>The next page for one who catches up; null when retention has overtaken it.</summary>
    internal FeedPage? Next(Cursor after, FeedFilter filter, int limit) => journal.Read(db =>
        after == Cursor.Beginning || after.Seq >= EventTable.PrunedThrough(db) ? History.Page(db, after, filter, limit) : null);

    /// <summary>Makes the subscription hear everything that is stored from now on. False when something after its position was published already:
    /// then it reads on in the file.</summary>
    internal bool TryAttach(Subscription subscription, Cursor position)
    {
        lock (gate)
        {
            if (closed)
            {
                subscription.End(FeedEnd.Closed);
                return true;
            }

            if (position.Seq < head) return false;
            subscription.Attach_UnderFeedGate();
            if (!live.Contains(subscription)) live = live.Add(subscription);
            return true;
        }
    }

    internal void Detach(Subscription subscription)
    {
        lock (gate) live = live.Remove(subscription);
    }

    /// <summary>Hands the events of a commit to the live subscribers; it only fills their bounded lists and never waits for one of them.</summary>
    private void Publish_OnWriterThread(IReadOnlyList<EventRow> events)
    {
        ImmutableArray<Subscription> listening;
        lock (gate)
        {
            head = events[^1].Seq;
            listening = live;
        }

        if (listening.Length == 0) return;
        var items = new FeedItem.Stored[events.Count];
        for (var i = 0; i < items.Length; i++) items[i] = new(events[i]);
        foreach (var subscription in listening)
        {
            if (!subscription.Offer(items)) Drop(subscription);
        }
    }

    /// <summary>Forgets one that left. It may have read on in the file and be back by now.</summary>
    private void Drop(Subscription subscription)
    {
        lock (gate)
        {
            if (!subscription.IsAttached) live = live.Remove(subscription);
        }
    }

    private static Cursor Checked(Db db, Cursor after)
    {
        if (after == Cursor.Beginning) return after;
        if (after.Seq > EventTable.LastSeq(db))
            throw new CursorException(CursorProblem.Future, "this cursor is of another journal, or of a time that a restored backup does not know; start anew without it");
        if (after.Seq < EventTable.PrunedThrough(db))
            throw new CursorException(CursorProblem.TooOld, "events after this cursor are no longer kept; start anew without it");
        return after;
    }
}
