using Drover.Node.Keeping;
using Drover.Node.Spooling;
using Xunit;

namespace Drover.Server.Tests.Keeping;

public sealed class SpoolWatchTests : IAsyncDisposable
{
    private readonly Jobs _jobs = new();

    public ValueTask DisposeAsync() => _jobs.DisposeAsync();

    [Fact]
    public async Task A_job_is_dirty_when_it_is_added_when_it_writes_and_when_it_exits()
    {
        using var watch = SpoolWatch.Start();
        Assert.SkipWhen(watch.Unwatched > 0, "this user's inotify instances are used up");
        var job = await _jobs.StartShell("read -r line; echo $line; read -r line; exit 4");
        var still = await _jobs.StartShell("read -r line");

        watch.Add(job);
        watch.Add(still);
        Assert.Equal(0, watch.Unwatched);
        Assert.Equal([job, still], (await Next(watch)).OrderBy(j => j == still));

        Jobs.Append(job, "hello\n");
        await DirtyUntil(watch, job, () => File.ReadAllText(job.Out) == "hello\n");
        Jobs.Append(job, "end\n");
        await DirtyUntil(watch, job, () => Keeper.Look(job) is JobState.Exited);
    }

    [Fact]
    public async Task A_removed_job_is_never_dirty()
    {
        using var watch = SpoolWatch.Start();
        var job = await _jobs.StartShell("read -r line");
        watch.Add(job);
        watch.Remove(job);

        watch.MarkDirty(job);

        Assert.Empty(watch.TakeDirty());
    }

    [Fact]
    public async Task Without_inotify_every_job_is_dirty_at_each_beat()
    {
        using var watch = SpoolWatch.Start(inotify: null);
        var job = await _jobs.StartShell("read -r line");
        watch.Add(job);

        Assert.Equal(1, watch.Unwatched);
        Assert.Equal([job], await Next(watch));
        Assert.Equal([job], await Next(watch));
    }

    [Fact]
    public void When_the_kernel_had_to_drop_events_every_job_is_dirty()
    {
        var most = int.Parse(File.ReadAllText("/proc/sys/fs/inotify/max_queued_events"), System.Globalization.CultureInfo.InvariantCulture);
        Assert.SkipWhen(most > 200_000, $"{most} events fit into the queue");
        using var watch = SpoolWatch.Start();
        Assert.SkipWhen(watch.Unwatched > 0, "this user's inotify instances are used up");
        JobDirectory[] jobs = [_jobs.Make(), _jobs.Make(), _jobs.Make()];
        foreach (var job in jobs)
        {
            Directory.CreateDirectory(job.Path);
            File.WriteAllText(job.Out, "");
            watch.Add(job);
        }

        Assert.Equal(3, watch.TakeDirty().Count);
        using (var one = new FileStream(jobs[0].Out, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0))
        using (var two = new FileStream(jobs[1].Out, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0))
        {
            for (var i = 0; i <= most; i++) (i % 2 == 0 ? one : two).WriteByte(0);
        }

        Assert.Equal(3, watch.TakeDirty().Count);
        Assert.Empty(watch.TakeDirty());
    }

    [Fact]
    public async Task A_wake_up_waits_for_nothing_but_a_job()
    {
        using var watch = SpoolWatch.Start();
        using var stop = new CancellationTokenSource();

        var waiting = watch.WaitAsync(stop.Token).AsTask();
        Assert.False(waiting.IsCompleted);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Theory]
    [InlineData("pidfds")]
    [InlineData("looks")]
    public async Task An_exit_is_told_once_also_when_it_came_before_the_watch(string by)
    {
        var told = new System.Collections.Concurrent.ConcurrentQueue<JobDirectory>();
        using var watch = by == "pidfds" ? ExitWatch.Start(told.Enqueue) : ExitWatch.Start(told.Enqueue, _ => -1);
        var early = await _jobs.StartShell("read -r line");
        var late = await _jobs.StartShell("read -r line");
        var dropped = await _jobs.StartShell("read -r line");
        var (earlyKeeper, lateKeeper, droppedKeeper) = (Of(early), Of(late), Of(dropped));
        await Jobs.Stop(early);

        watch.Add(early, earlyKeeper);
        watch.Add(late, lateKeeper);
        watch.Add(dropped, droppedKeeper);
        watch.Remove(dropped);
        await Jobs.Until(() => told.Contains(early));
        Assert.DoesNotContain(late, told);
        await Jobs.Stop(dropped);
        await Jobs.Stop(late);
        await Jobs.Until(() => told.Contains(late));

        Assert.Equal([early, late], told);
    }

    private static Drover.Core.ProcessIdentity Of(JobDirectory job) => ((JobState.Running)Keeper.Look(job)).Keeper;

    private static async Task<IReadOnlyCollection<JobDirectory>> Next(SpoolWatch watch)
    {
        await watch.WaitAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Jobs.DefaultTimeout);
        return watch.TakeDirty();
    }

    private static async Task DirtyUntil(SpoolWatch watch, JobDirectory job, Func<bool> isSo)
    {
        while (!isSo()) Assert.All(await Next(watch), j => Assert.Equal(job, j));
    }
}
