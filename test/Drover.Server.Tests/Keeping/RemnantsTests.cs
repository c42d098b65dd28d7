using Drover.Node.Containing;
using Drover.Node.Keeping;
using Xunit;

namespace Drover.Server.Tests.Keeping;

public sealed class RemnantsTests : IAsyncDisposable
{
    private readonly Jobs _jobs = new();

    public ValueTask DisposeAsync() => _jobs.DisposeAsync();

    [Fact]
    public async Task A_job_whose_remnants_are_cleared_starts_once_more_and_writes_on()
    {
        var job = await _jobs.StartShell("cat; echo once; echo trouble >&2; exit 3");
        Jobs.Append(job, "for the first\n");
        await InputFile.End(job, Jobs.DefaultTimeout, TimeProvider.System, TestContext.Current.CancellationToken);
        await Jobs.ExitCode(job);
        await Jobs.Stop(job);

        Remnants.Clear(job);

        Assert.Equal([job.Out], Directory.EnumerateFileSystemEntries(job.Path));
        Assert.Equal(new JobState.NotStarted(null), Keeper.Look(job));
        await Jobs.Start(job, _jobs.Shell("read -r line; echo \"$line\""));
        Jobs.Append(job, "for the second\n");
        Assert.Equal(0, await Jobs.ExitCode(job));
        Assert.Equal(("for the first\nonce\nfor the second\n", ""), (await File.ReadAllTextAsync(job.Out, TestContext.Current.CancellationToken), await File.ReadAllTextAsync(job.Err, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task Clearing_that_was_cut_short_anywhere_is_done_by_the_next_stop_and_clearing()
    {
        var job = await _jobs.StartShell("echo once");
        await Jobs.ExitCode(job);
        await Jobs.Stop(job);
        foreach (var entry in new DirectoryInfo(job.Path).GetFileSystemInfos().Where(e => e.FullName != job.Out))
        {
            if (entry is DirectoryInfo directory) directory.Delete(recursive: true);
            else entry.Delete();

            Assert.Empty(await Jobs.Stop(job) is StopResult.MayHaveEscaped escaped ? escaped.Pids : []);
        }

        Remnants.Clear(job);

        await Jobs.Start(job, _jobs.Shell("echo twice"));
        Assert.Equal(0, await Jobs.ExitCode(job));
        Assert.Equal("once\ntwice\n", await File.ReadAllTextAsync(job.Out, TestContext.Current.CancellationToken));
    }
}
