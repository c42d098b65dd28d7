using Drover.Core;
using Drover.Server.Feeding;
using Drover.Server.Journaling;
using Drover.Server.Tests.Journaling;
using Xunit;

namespace Drover.Server.Tests.Feeding;

/// <summary>Many write, many listen, and each listener goes away and comes back with its last cursor at random moments.</summary>
public sealed class FeedSimulation
{
    private const int Writers = 4;
    private const int Commands = 120;
    private const int Listeners = 6;

    /// <summary>The data of the last event, which every listener wants.</summary>
    private const string Last = """{"last":true}""";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task No_listener_misses_an_event_or_hears_one_twice(int seed)
    {
        using var home = new TestHome();
        var feed = new Feed(home.Journal);
        var listeners = Enumerable.Range(0, Listeners).Select(i => Task.Run(() => Listen(feed, new Random((seed * 100) + i), FilterOf(i)))).ToList();

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(i => Task.Run(() => Write(home.Journal, new Random((seed * 1000) + i)))))
            .WaitAsync(TestHome.DefaultTimeout);
        await home.Journal.Do(Priority.Bulk, tx => tx.Emit(EventTypes.Usage, new(Some.App, null, RunOf(1)), Some.Ann, Last));
        var heard = await Task.WhenAll(listeners).WaitAsync(TestHome.DefaultTimeout);

        var stored = home.Journal.Read(db => EventTable.Page(db, 0, long.MaxValue, int.MaxValue, _ => false));
        Assert.Equal(Enumerable.Range(1, stored.Count).Select(n => (long)n), stored.Select(e => e.Seq));
        for (var i = 0; i < Listeners; i++) Assert.Equal(stored.Where(FilterOf(i).Wants).Select(e => e.Seq), heard[i]);
    }

    private static FeedFilter FilterOf(int listener) => (listener % 3) switch
    {
        0 => FeedFilter.Everything,
        1 => new(Run: RunOf(1)),
        _ => new(Kinds: new HashSet<string> { EventTypes.Usage }),
    };

    private static RunId RunOf(int number) => new($"00000000000000a{number}");

    private static async Task Write(Journal journal, Random random)
    {
        for (var i = 0; i < Commands; i++)
        {
            // Some commands are larger than what may wait for a listener, some fail after they wrote.
            var events = random.Next(100) == 0 ? Subscription.MostWaiting + 10 : random.Next(5);
            var (run, type, fails) = (RunOf(random.Next(3)), random.Next(3) == 0 ? EventTypes.Usage : EventTypes.Text, random.Next(20) == 0);
            var written = journal.Do((Priority)random.Next(2), tx =>
            {
                for (var n = 0; n < events; n++) tx.Emit(type, new(Some.App, null, run), Some.Ann);
                if (fails) throw new TimeoutException("the command fails");
            });
            if (fails) await Assert.ThrowsAsync<TimeoutException>(() => written);
            else await written;
        }
    }

    /// <summary>Listens until the last event, and gives the numbers in the order in which they came.</summary>
    private static async Task<List<long>> Listen(Feed feed, Random random, FeedFilter filter)
    {
        var heard = new List<long>();
        for (var cursor = Cursor.Beginning; ;)
        {
            using var cancel = new CancellationTokenSource();
            var subscription = feed.Subscribe(new(cursor, filter, Deltas: random.Next(2) == 0));
            var goingAway = random.Next(3) == 0 ? Task.Run(cancel.Cancel) : Task.CompletedTask;
            var batchesUntilGone = random.Next(1, 20);
            try
            {
                await foreach (var batch in subscription.Read(cancel.Token))
                {
                    heard.AddRange(batch.Items.OfType<FeedItem.Stored>().Select(item => item.Event.Seq));
                    if (batch.Items.Any(item => item is FeedItem.Stored { Event.Data: Last })) return heard;
                    if (--batchesUntilGone == 0) break;
                    if (random.Next(4) == 0) await Task.Yield();
                }
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                // It goes away while it waits, or while it reads what is old.
            }

            await goingAway;
            Assert.NotEqual(FeedEnd.Pruned, subscription.Ended);
            cursor = Cursor.Parse(subscription.Last.ToString());
        }
    }
}
