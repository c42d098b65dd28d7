using Drover.Core;
using Drover.Server.Feeding;
using Drover.Server.Journaling;
using Drover.Server.Tests.Journaling;
using Xunit;

namespace Drover.Server.Tests.Feeding;

public sealed class FeedTests : IDisposable
{
    private static readonly RunId One = new("00000000000000a1");
    private static readonly RunId Two = new("00000000000000a2");

    private readonly TestHome home = new();
    private readonly Feed feed;

    public FeedTests() => feed = new(home.Journal);

    public void Dispose() => home.Dispose();

    [Fact]
    [Trait("row", "K17")]
    [Trait("row", "Y70")]
    public async Task A_subscriber_hears_history_and_present_without_a_seam()
    {
        await Emit(EventTypes.Text, One, 1200);
        var subscription = Everything(Cursor.Beginning);
        await using var reader = subscription.Read(CancellationToken.None).GetAsyncEnumerator();
        var history = await Take(reader, 1200);
        await Emit(EventTypes.Text, One, 3);
        var present = await Take(reader, 3);

        Assert.Equal(Enumerable.Range(1, 1203).Select(n => (long)n), history.Concat(present));
        Assert.Equal(new Cursor(1203), subscription.Last);
    }

    [Fact]
    public async Task A_snapshot_and_what_follows_its_cursor_are_the_whole_story()
    {
        await Emit(EventTypes.Log, One, 3);
        var (cursor, known) = home.Journal.Read(db => (Cursor.Of(db), EventTable.Page(db, 0, long.MaxValue, 100, _ => false)));
        await Emit(EventTypes.Log, One, 2);

        await using var reader = Everything(cursor).Read(CancellationToken.None).GetAsyncEnumerator();

        Assert.Equal([1, 2, 3, 4, 5], known.Select(e => e.Seq).Concat(await Take(reader, 2)));
    }

    [Fact]
    public async Task Without_a_cursor_a_subscription_starts_at_the_present()
    {
        await Emit(EventTypes.Log, One, 3);
        var subscription = feed.Subscribe(new(null, FeedFilter.Everything, Deltas: false));
        await Emit(EventTypes.Log, One, 1);

        await using var reader = subscription.Read(CancellationToken.None).GetAsyncEnumerator();

        Assert.Equal(new Cursor(3), subscription.Start);
        Assert.Equal([4], await Take(reader, 1));
    }

    [Fact]
    public async Task A_subscriber_gets_what_it_asked_for_and_its_cursor_passes_over_the_rest()
    {
        await Emit(EventTypes.Text, One, 2);
        await Emit(EventTypes.Text, Two, 700);
        await Emit(EventTypes.Usage, One, 1);
        var filter = new FeedFilter(Run: One, Kinds: new HashSet<string> { EventTypes.Text });
        var subscription = feed.Subscribe(new(Cursor.Beginning, filter, Deltas: false));
        await using var reader = subscription.Read(CancellationToken.None).GetAsyncEnumerator();

        Assert.Equal([1, 2], await Take(reader, 2));
        var next = reader.MoveNextAsync().AsTask();
        await Emit(EventTypes.Text, Two, 5);
        await Emit(EventTypes.Usage, One, 5);
        await Emit(EventTypes.Text, One, 1);
        Assert.True(await next.WaitAsync(TestHome.DefaultTimeout));

        Assert.Equal([714], Seqs(reader.Current));
        Assert.Equal(new Cursor(714), reader.Current.Cursor);
    }

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    public async Task Project_ticket_and_run_each_filter_history_as_they_filter_the_present(bool project, bool ticket, bool run)
    {
        var wanted = new Subject(Some.App, Some.App1, One);
        var other = new Subject(new("other"), new("OTHER", 1), Two);
        var filter = new FeedFilter(project ? Some.App : null, ticket ? Some.App1 : null, run ? One : null);
        Task Both() => home.Journal.Do(Priority.Bulk, tx =>
        {
            tx.Emit(EventTypes.Log, other, Some.Ann);
            tx.Emit(EventTypes.Log, wanted, Some.Ann);
        });
        await Both();
        await using var reader = feed.Subscribe(new(Cursor.Beginning, filter, Deltas: false)).Read(CancellationToken.None).GetAsyncEnumerator();

        Assert.Equal([2], await Take(reader, 1));
        var next = Take(reader, 1);
        await Both();
        Assert.Equal([4], await next);
        Assert.Equal([2, 4], feed.Page(Cursor.Beginning, filter, 100).Events.Select(e => e.Seq));
    }

    [Fact]
    public async Task A_page_of_history_says_where_to_go_on_and_whether_there_is_more()
    {
        await Emit(EventTypes.Log, One, 5);

        var first = feed.Page(Cursor.Beginning, FeedFilter.Everything, 3);
        var second = feed.Page(Cursor.Parse(first.Cursor.ToString()), FeedFilter.Everything, 3);

        Assert.Equal([1, 2, 3], first.Events.Select(e => e.Seq));
        Assert.True(first.More);
        Assert.Equal([4, 5], second.Events.Select(e => e.Seq));
        Assert.False(second.More);
        Assert.Empty(feed.Page(second.Cursor, FeedFilter.Everything, 3).Events);
    }

    [Fact]
    public async Task Long_texts_make_shorter_pages()
    {
        var text = EventData.Of("text", new string('x', 900_000));
        for (var i = 0; i < 5; i++) await home.Journal.Do(Priority.Bulk, tx => tx.Emit(EventTypes.Text, new(Some.App, null, One), Some.Ann, text));

        var first = feed.Page(Cursor.Beginning, FeedFilter.Everything, 100);
        await using var reader = Everything(Cursor.Beginning).Read(CancellationToken.None).GetAsyncEnumerator();

        Assert.Equal(3, first.Events.Count);
        Assert.True(first.More);
        Assert.Equal([1, 2, 3, 4, 5], await Take(reader, 5));
    }

    [Theory]
    [InlineData("")]
    [InlineData("12")]
    [InlineData("e1-")]
    [InlineData("e1-xyz")]
    [InlineData("e1-ffffffffffffffff")]
    [InlineData("e1-11112222333344445")]
    [InlineData("e2-1")]
    [InlineData("e1- 1")]
    public void What_is_no_cursor_is_refused(string text) =>
        Assert.Equal(CursorProblem.Malformed, Assert.Throws<CursorException>(() => Cursor.Parse(text)).Problem);

    [Fact]
    public async Task A_cursor_of_the_future_and_one_older_than_what_is_kept_are_refused()
    {
        await Emit(EventTypes.Log, One, 10);
        await home.Journal.Do(Priority.Bulk, tx => EventTable.Prune(tx, through: 5, limit: 100));

        Assert.Equal(CursorProblem.Future, Assert.Throws<CursorException>(() => Everything(new(11))).Problem);
        Assert.Equal(CursorProblem.TooOld, Assert.Throws<CursorException>(() => Everything(new(4))).Problem);
        Assert.Equal(CursorProblem.TooOld, Assert.Throws<CursorException>(() => feed.Page(new(4), FeedFilter.Everything, 10)).Problem);
        Assert.Equal([6, 7, 8, 9, 10], feed.Page(new(5), FeedFilter.Everything, 10).Events.Select(e => e.Seq));
        Assert.Equal([6, 7, 8, 9, 10], feed.Page(Cursor.Beginning, FeedFilter.Everything, 10).Events.Select(e => e.Seq));
    }

    [Fact]
    public async Task A_subscriber_that_retention_overtakes_is_told_so_and_not_shown_a_gap()
    {
        await Emit(EventTypes.Log, One, 1200);
        var subscription = Everything(Cursor.Beginning);
        await using var reader = subscription.Read(CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await reader.MoveNextAsync());
        await home.Journal.Do(Priority.Bulk, tx => EventTable.Prune(tx, through: 1000, limit: 10_000));

        Assert.False(await reader.MoveNextAsync().AsTask().WaitAsync(TestHome.DefaultTimeout));
        Assert.Equal(FeedEnd.Pruned, subscription.Ended);
    }

    [Fact]
    public async Task Live_pieces_reach_who_asked_for_them_and_are_not_kept()
    {
        await using var with = feed.Subscribe(new(null, new(Run: One), Deltas: true)).Read(CancellationToken.None).GetAsyncEnumerator();
        await using var without = Everything(Cursor.Beginning).Read(CancellationToken.None).GetAsyncEnumerator();
        var (first, second) = (with.MoveNextAsync().AsTask(), without.MoveNextAsync().AsTask());

        feed.Publish(new FeedItem.Delta(new(Some.App, null, Two), IsThought: false, "not ours"));
        feed.Publish(new FeedItem.Delta(new(Some.App, null, One), IsThought: false, "Hel"));
        Assert.True(await first.WaitAsync(TestHome.DefaultTimeout));
        await Emit(EventTypes.Text, One, 1);
        Assert.True(await second.WaitAsync(TestHome.DefaultTimeout));

        Assert.Equal("Hel", Assert.IsType<FeedItem.Delta>(Assert.Single(with.Current.Items)).Piece);
        Assert.Equal(Cursor.Beginning, with.Current.Cursor);
        Assert.Equal([1], Seqs(without.Current));
        Assert.Single(feed.Page(Cursor.Beginning, FeedFilter.Everything, 100).Events);
    }

    [Fact]
    public async Task Who_is_busy_misses_live_pieces_but_no_event()
    {
        var subscription = feed.Subscribe(new(null, FeedFilter.Everything, Deltas: true));
        await using var reader = await Listening(subscription);

        for (var i = 0; i < 10_000; i++) feed.Publish(new FeedItem.Delta(new(Some.App, null, One), IsThought: true, "x"));
        await Emit(EventTypes.Text, One, 2);
        Assert.True(await reader.MoveNextAsync());

        Assert.InRange(reader.Current.Items.Count, 3, 1000);
        Assert.Equal([2, 3], Seqs(reader.Current));
    }

    [Fact]
    public async Task A_slow_subscriber_is_ended_with_its_last_cursor_and_nobody_waits_for_it()
    {
        var slow = Everything(Cursor.Beginning);
        await using var reader = await Listening(slow);
        await using var quick = Everything(Cursor.Beginning).Read(CancellationToken.None).GetAsyncEnumerator();
        var heard = await Take(quick, 1);

        while (heard.Count <= Subscription.MostWaiting + 1)
        {
            await Emit(EventTypes.Text, One, 100);
            heard.AddRange(await Take(quick, 100));
        }

        Assert.False(await reader.MoveNextAsync());
        Assert.Equal(FeedEnd.Slow, slow.Ended);
        Assert.Equal(new Cursor(1), slow.Last);
        Assert.Equal(Enumerable.Range(1, heard.Count).Select(n => (long)n), heard);
        await using var back = Everything(slow.Last).Read(CancellationToken.None).GetAsyncEnumerator();
        Assert.Equal(heard.Skip(1), await Take(back, heard.Count - 1));
    }

    [Fact]
    public async Task A_slow_subscriber_does_not_fill_the_memory_with_long_texts()
    {
        var slow = Everything(Cursor.Beginning);
        await using var reader = await Listening(slow);
        var text = EventData.Of("text", new string('x', 1_000_000));

        for (var i = 0; i < 10; i++) await home.Journal.Do(Priority.Bulk, tx => tx.Emit(EventTypes.Text, new(Some.App, null, One), Some.Ann, text));

        Assert.False(await reader.MoveNextAsync());
        Assert.Equal(FeedEnd.Slow, slow.Ended);
    }

    [Fact]
    public async Task A_huge_commit_does_not_end_a_subscriber_that_had_read_everything()
    {
        var subscription = Everything(Cursor.Beginning);
        await using var reader = await Listening(subscription);

        await Emit(EventTypes.Text, One, Subscription.MostWaiting * 2);

        Assert.Equal(Enumerable.Range(2, Subscription.MostWaiting * 2).Select(n => (long)n), await Take(reader, Subscription.MostWaiting * 2));
        Assert.Null(subscription.Ended);
    }

    [Fact]
    public async Task A_closing_feed_ends_its_subscribers()
    {
        var subscription = Everything(Cursor.Beginning);
        await using var reader = subscription.Read(CancellationToken.None).GetAsyncEnumerator();
        var next = reader.MoveNextAsync().AsTask();

        feed.Close();

        Assert.False(await next.WaitAsync(TestHome.DefaultTimeout));
        Assert.Equal(FeedEnd.Closed, subscription.Ended);
        var late = Everything(Cursor.Beginning);
        await using var lateReader = late.Read(CancellationToken.None).GetAsyncEnumerator();
        Assert.False(await lateReader.MoveNextAsync());
        Assert.Equal(FeedEnd.Closed, late.Ended);
    }

    [Fact]
    public async Task A_cancelled_subscriber_stops_waiting()
    {
        using var cancel = new CancellationTokenSource();
        await using var reader = Everything(Cursor.Beginning).Read(cancel.Token).GetAsyncEnumerator(CancellationToken.None);
        var next = reader.MoveNextAsync().AsTask();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.WaitAsync(TestHome.DefaultTimeout));
    }

    private Subscription Everything(Cursor after) => feed.Subscribe(new(after, FeedFilter.Everything, Deltas: false));

    /// <summary>A reader that has read one event and will be live at the next.</summary>
    private async Task<IAsyncEnumerator<FeedBatch>> Listening(Subscription subscription)
    {
        var reader = subscription.Read(CancellationToken.None).GetAsyncEnumerator();
        var first = reader.MoveNextAsync().AsTask();
        await Emit(EventTypes.Log, One, 1);
        Assert.True(await first.WaitAsync(TestHome.DefaultTimeout));
        return reader;
    }

    private Task Emit(string type, RunId run, int count) => home.Journal.Do(Priority.Bulk, tx =>
    {
        for (var i = 0; i < count; i++) tx.Emit(type, new(Some.App, Some.App1, run), Some.Ann);
    });

    private static async Task<List<long>> Take(IAsyncEnumerator<FeedBatch> reader, int count)
    {
        var seqs = new List<long>();
        while (seqs.Count < count && await reader.MoveNextAsync().AsTask().WaitAsync(TestHome.DefaultTimeout)) seqs.AddRange(Seqs(reader.Current));
        return seqs;
    }

    private static IEnumerable<long> Seqs(FeedBatch batch) => batch.Items.OfType<FeedItem.Stored>().Select(item => item.Event.Seq);
}
