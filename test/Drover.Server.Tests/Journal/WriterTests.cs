using Drover.Core;
using Drover.Server.Journaling;
using Xunit;

namespace Drover.Server.Tests.Journaling;

public sealed class WriterTests : IDisposable
{
    private readonly TestHome home = new() { Time = new NoTimePasses() };

    private Journal Journal => home.Journal;

    public void Dispose() => home.Dispose();

    [Fact]
    public async Task A_command_that_throws_is_rolled_back_alone_and_only_its_caller_hears_of_it()
    {
        var (before, broken, after) = await InOneGroup(
            tx => Log(tx, "before"),
            tx =>
            {
                ProjectTable.Insert(tx, Some.Project());
                Log(tx, "broken");
                throw new InvalidOperationException("no");
            },
            tx => Log(tx, "after"));

        Assert.Equal(1, await before);
        Assert.Equal("no", (await Assert.ThrowsAsync<InvalidOperationException>(() => broken)).Message);
        Assert.Equal(2, await after);
        Assert.Equal(["before", "after"], Texts());
        Assert.Empty(Journal.Read(ProjectTable.List));
    }

    [Fact]
    public async Task A_command_that_breaks_a_constraint_is_refused_alone()
    {
        var (first, second, third) = await InOneGroup(
            tx => Inserted(tx, "app"),
            tx => Inserted(tx, "app"),
            tx => Inserted(tx, "app"));

        Assert.Equal(1, await first);
        await Assert.ThrowsAsync<ConstraintException>(() => second);
        await Assert.ThrowsAsync<ConstraintException>(() => third);
        Assert.Single(Journal.Read(ProjectTable.List));
    }

    [Fact]
    public async Task A_commit_that_fails_is_heard_by_its_whole_group_and_the_writer_goes_on()
    {
        var published = new List<long>();
        Journal.Committed = events => published.AddRange(events.Select(e => e.Seq));
        var (before, failing, after) = await InOneGroup(
            tx => Log(tx, "before"),
            tx =>
            {
                // The reference is checked at the commit, which then refuses.
                tx.Execute($"PRAGMA defer_foreign_keys = ON");
                TicketTable.Insert(tx, Some.Ticket());
                return 0;
            },
            tx => Log(tx, "after"));

        await Assert.ThrowsAsync<JournalWriteException>(() => before);
        await Assert.ThrowsAsync<JournalWriteException>(() => failing);
        await Assert.ThrowsAsync<JournalWriteException>(() => after);
        Assert.Empty(Texts());

        Assert.Equal(1, await Journal.Do(Priority.Urgent, tx => Log(tx, "later")));
        Assert.Equal(["later"], Texts());
        Assert.Equal([1], published);
    }

    [Fact]
    public async Task A_full_disk_refuses_with_a_sentence_and_stores_again_when_there_is_room()
    {
        await Journal.Do(Priority.Urgent, tx => tx.Execute($"PRAGMA max_page_count = 1"));
        var text = EventData.Of("text", new string('x', 200_000));

        var full = await Assert.ThrowsAsync<JournalWriteException>(() => Journal.Do(Priority.Bulk, tx => tx.Emit(EventTypes.Text, Subject.Server, Some.Ann, text)));
        Assert.Contains("full", full.Message, StringComparison.Ordinal);

        await Journal.Do(Priority.Urgent, tx => tx.Execute($"PRAGMA max_page_count = 1000000"));
        Assert.Equal(1, await Journal.Do(Priority.Bulk, tx => tx.Emit(EventTypes.Text, Subject.Server, Some.Ann, text)));
    }

    [Fact]
    public async Task Urgent_commands_overtake_batches_of_output()
    {
        using var gate = new ManualResetEventSlim();
        var order = new List<string>();
        var blocked = Block(gate);
        var batches = Enumerable.Range(0, 5).Select(i => Journal.Do(Priority.Bulk, _ => order.Add($"bulk {i}"))).ToList();
        var person = Journal.Do(Priority.Urgent, _ => order.Add("person"));

        gate.Set();
        await Task.WhenAll([blocked, person, .. batches]).WaitAsync(TestHome.DefaultTimeout);

        Assert.Equal(["person", "bulk 0", "bulk 1", "bulk 2", "bulk 3", "bulk 4"], order);
    }

    [Fact]
    public async Task Who_finds_the_queue_full_waits_and_urgent_commands_are_still_taken()
    {
        var queue = new CommandQueue();
        var waiting = new List<Task>();
        while (waiting is [] || waiting[^1].IsCompleted) waiting.Add(queue.Add(Priority.Bulk, new Command<int>(_ => 0)));

        var urgent = new Command<int>(_ => 0);
        Assert.True(queue.Add(Priority.Urgent, urgent).IsCompletedSuccessfully);
        Assert.Same(urgent, queue.WaitForNext());
        Assert.False(waiting[^1].IsCompleted);

        Assert.NotNull(queue.WaitForNext());
        await waiting[^1].WaitAsync(TestHome.DefaultTimeout);
    }

    [Fact]
    public async Task Nothing_of_a_caller_runs_on_the_writers_thread()
    {
        var writer = await Journal.Do(Priority.Urgent, _ => Environment.CurrentManagedThreadId);

        var continued = await Journal.Do(Priority.Urgent, _ => 0)
            .ContinueWith(_ => Environment.CurrentManagedThreadId, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        Assert.NotEqual(writer, continued);
    }

    [Fact]
    public async Task A_closing_journal_carries_out_what_is_queued_and_takes_nothing_new()
    {
        using var gate = new ManualResetEventSlim();
        var journal = Journal;
        var blocked = Block(gate);
        var queued = journal.Do(Priority.Bulk, tx => Log(tx, "queued"));
        var closing = Task.Run(home.Close);
        gate.Set();
        await Task.WhenAll(blocked, queued, closing).WaitAsync(TestHome.DefaultTimeout);

        await Assert.ThrowsAsync<JournalClosedException>(() => journal.Do(Priority.Urgent, _ => 0));
        Assert.Equal(["queued"], Texts());
    }

    [Fact]
    public async Task Numbers_of_events_never_come_again_whatever_is_deleted()
    {
        for (var i = 0; i < 5; i++) await Journal.Do(Priority.Urgent, tx => Log(tx, "x"));
        Assert.Equal(3, await Journal.Do(Priority.Urgent, tx => EventTable.Prune(tx, through: 5, limit: 3)));
        Assert.Equal(2, await Journal.Do(Priority.Urgent, tx => EventTable.Prune(tx, through: 5, limit: 3)));

        home.Reopen();

        Assert.Equal(5, Journal.Read(EventTable.LastSeq));
        Assert.Equal(5, Journal.Read(EventTable.PrunedThrough));
        Assert.Equal(6, await Journal.Do(Priority.Urgent, tx => Log(tx, "y")));
    }

    [Fact]
    public async Task Many_writers_at_once_get_ascending_numbers_without_holes()
    {
        var tasks = Enumerable.Range(0, 2000).Select(i => Task.Run(() => Journal.Do((Priority)(i % 2), tx =>
        {
            var seq = Log(tx, "x");
            return i % 7 == 0 ? throw new InvalidOperationException() : seq;
        }))).ToList();
        await Task.WhenAll(tasks).ContinueWith(_ => { }, TaskScheduler.Default).WaitAsync(TestHome.DefaultTimeout);

        var stored = tasks.Where(t => t.IsCompletedSuccessfully).Select(t => t.Result).Order().ToList();
        Assert.Equal(Enumerable.Range(1, 2000 - tasks.Count(t => t.IsFaulted)).Select(n => (long)n), stored);
        Assert.Equal(stored, Journal.Read(db => EventTable.Page(db, 0, long.MaxValue, 10_000, _ => false)).Select(e => e.Seq));
    }

    private static long Log(Tx tx, string text) => tx.Emit(EventTypes.Log, Subject.Server, Some.Ann, EventData.Of("text", text));

    private static long Inserted(Tx tx, string id)
    {
        ProjectTable.Insert(tx, Some.Project(id));
        return 1;
    }

    private List<string> Texts() => [.. Journal.Read(db => EventTable.Page(db, 0, long.MaxValue, 100, _ => false)).Select(e => e.Data[9..^2])];

    private Task Block(ManualResetEventSlim gate)
    {
        var entered = new TaskCompletionSource();
        var blocked = Journal.Do(Priority.Urgent, _ =>
        {
            entered.SetResult();
            gate.Wait(TestHome.DefaultTimeout);
        });
        entered.Task.Wait(TestHome.DefaultTimeout);
        return blocked;
    }

    /// <summary>Runs three commands so that one commit stores them: they queue behind one that waits.</summary>
    /// <summary>However slow the machine is, a group is not closed for the time it took.</summary>
    private sealed class NoTimePasses : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }

    private async Task<(Task<long>, Task<long>, Task<long>)> InOneGroup(Func<Tx, long> first, Func<Tx, long> second, Func<Tx, long> third)
    {
        using var gate = new ManualResetEventSlim();
        var blocked = Block(gate);
        var tasks = (Journal.Do(Priority.Urgent, first), Journal.Do(Priority.Urgent, second), Journal.Do(Priority.Urgent, third));
        gate.Set();
        await blocked.ContinueWith(_ => { }, TaskScheduler.Default).WaitAsync(TestHome.DefaultTimeout);
        return tasks;
    }
}
