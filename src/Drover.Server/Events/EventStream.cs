using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Drover.Server.Feeding;
using Drover.Server.Journaling;

namespace Drover.Server.Events;

/// <summary>Writes a subscription as server-sent events. A reader that does not read is not waited for: the feed ends its subscription, or the web
/// server its connection; it comes back with the last id it has seen.</summary>
internal sealed class EventStream(PipeWriter target, TimeProvider time)
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public async Task Open(CancellationToken token)
    {
        Write(": drover\n\n"u8);
        await target.FlushAsync(token);
    }

    /// <summary>What is stored up to now, and no more.</summary>
    /// <returns>The end of it.</returns>
    public async Task<Cursor> History(Feed feed, Cursor after, FeedFilter filter, CancellationToken token)
    {
        for (var more = true; more;)
        {
            var page = feed.Page(after, filter, 500);
            await Stored(page.Events, token);
            (after, more) = (page.Cursor, page.More);
        }

        return after;
    }

    /// <summary>Says that nothing more will come.</summary>
    public Task Settled(Cursor last, CancellationToken token) => SendEnd("settled", last, token);

    public Task Stored(IReadOnlyList<EventRow> events, CancellationToken token) => Send([.. events.Select(e => new FeedItem.Stored(e))], token);

    public async Task Follow(Subscription subscription, CancellationToken token)
    {
        await using var batches = subscription.Read(token).GetAsyncEnumerator(token);
        for (; ; )
        {
            var next = batches.MoveNextAsync().AsTask();
            // A reader that has gone ends the batches first: what is still being waited for cannot be given back.
            while (await Task.WhenAny(next, Task.Delay(Heartbeat, time, token)) != next && !token.IsCancellationRequested)
            {
                Write(": alive\n\n"u8);
                await target.FlushAsync(token);
            }

            if (!await next) break;
            await Send(batches.Current.Items, token);
        }

        if (subscription.Ended is { } end)
            await SendEnd(end switch { FeedEnd.Slow => "slow", FeedEnd.Pruned => "pruned", FeedEnd.Closed => "closed" }, subscription.Last, token);
    }

    private async Task Send(IReadOnlyList<FeedItem> items, CancellationToken token)
    {
        foreach (var item in items)
        {
            if (item is FeedItem.Stored { Event.Seq: var seq }) Write(Encoding.ASCII.GetBytes($"id: {new Cursor(seq)}\n"));
            else Write("event: delta\n"u8);
            Write("data: "u8);
            EventLine.Write(target, item);
            Write("\n\n"u8);
        }

        await target.FlushAsync(token);
    }

    private async Task SendEnd(string reason, Cursor last, CancellationToken token)
    {
        Write(Encoding.UTF8.GetBytes($"event: end\ndata: {{\"reason\":\"{reason}\",\"cursor\":\"{JsonEncodedText.Encode(last.ToString())}\"}}\n\n"));
        await target.FlushAsync(token);
    }

    private void Write(ReadOnlySpan<byte> bytes) => target.Write(bytes);
}
