using Drover.Api;
using Xunit;

namespace Drover.EndToEnd.Killing;

/// <summary>All processes are gone at once, what was not flushed is missing from the disk, and the machine comes up with another boot id.</summary>
public sealed class PowerLossTests
{
    private const string OtherBoot = "11111111-2222-3333-4444-555555555555";

    [Fact]
    public async Task A_run_under_which_the_power_failed_is_lost_with_the_reason_and_its_work_is_not()
    {
        await using var trial = await Trial.Begin(
        [
            "say: before",
            "edit: {path: src/one.txt, content: one}",
            "commit: One",
            "edit: {path: src/two.txt, content: two}",
            "tool: {run: 'touch @/began'}",
            "wait_for: '@/go'",
            "commit: Two",
        ]);
        var run = await trial.Start();
        await trial.Noted("began");
        await trial.Feed.Until(e => e.Type == "tool.called" && e.Data.ToString().Contains("began", StringComparison.Ordinal), "what the agent does is stored");

        await LosePower(trial, run);
        trial.Restart();
        var lost = await trial.Settled(run);
        await Eventually.True(() => Blocked(trial) is not null, () => "the ticket says that it is blocked");

        Assert.Equal("lost", lost.Outcome);
        Assert.Contains("machine", lost.Reason, StringComparison.Ordinal);
        Assert.Contains(run.Name, Blocked(trial)!, StringComparison.Ordinal);
        Assert.Contains(lost.Reason!, trial.Site.Drover("why", "KILL-1").Output, StringComparison.Ordinal);
        trial.Site.Git("fsck", "--full");
        Assert.Equal("", trial.Site.Git("status", "--porcelain"));
        Assert.Equal("one", trial.Site.Git("show", $"{lost.Branch}:src/one.txt"));
        Assert.Contains("two.txt", trial.Site.Git("show", "--stat", "--format=", trial.Site.Git("for-each-ref", "--format=%(refname)", "refs/drover/salvage")), StringComparison.Ordinal);

        // The next run goes on in the same worktree, with what is there.
        trial.Tell("go");
        var next = await trial.Person.Start("KILL-1", "coder");
        await trial.Until(next, _ => Blocked(trial) is null && trial.Site.Git("log", "--format=%s", "main").Contains("KILL-1", StringComparison.Ordinal), "it lands");
        Assert.Equal("two", trial.Site.Git("show", "main:src/two.txt"));
        await trial.KillServer();
        using var journal = new Rows(trial.Site.Home.Database);
        Assert.Equal("ok", journal.One("PRAGMA integrity_check"));
    }

    [Fact]
    public async Task The_target_is_whole_when_the_power_fails_right_after_it_moved()
    {
        await using var trial = await Trial.Begin(
        [
            "edit: {path: src/one.txt, content: one}",
            "commit: One",
        ]);
        var run = await trial.Start();
        await trial.Settled(run);
        await trial.Feed.Until(e => e.Type == "landing.landed", "it has landed");
        await trial.KillServer();

        // Nobody flushes the objects that an agent's commit makes. What the branch stands on must have been flushed before it moved.
        var kept = trial.Site.Git("rev-list", "--objects", "main~1").Split('\n').Select(line => line.Split(' ')[0]).ToHashSet();
        foreach (var loose in Directory.EnumerateDirectories(Path.Combine(trial.Site.Repository, ".git", "objects"), "??").SelectMany(Directory.EnumerateFiles).ToList())
        {
            if (!kept.Contains(Path.GetFileName(Path.GetDirectoryName(loose)!) + Path.GetFileName(loose))) File.Delete(loose);
        }

        trial.Site.Git("fsck", "--full", "--strict");
        Assert.Equal("one", trial.Site.Git("show", "main:src/one.txt"));
        Assert.Equal("", trial.Site.Git("status", "--porcelain"));
    }

    private static string? Blocked(Trial trial) => trial.Ticket().GetAwaiter().GetResult().Blocked;

    private static async Task LosePower(Trial trial, RunJson run)
    {
        await trial.KillServer();
        await Processes.End(trial.Site.Root);
        var (spool, input) = (trial.Job(run, "out"), trial.Job(run, "in"));
        using (var rows = new Rows(trial.Site.Home.Database))
        {
            var watermark = long.Parse(rows.One("SELECT watermark FROM runs")!, System.Globalization.CultureInfo.InvariantCulture);
            Assert.True(watermark > 0, "something of the agent's output was stored");
            Cut(spool, watermark / 2);
            rows.Do($"UPDATE runs SET boot_id = '{OtherBoot}'");
        }

        Cut(input, new FileInfo(input).Length / 2);
        var boot = (await File.ReadAllTextAsync("/proc/sys/kernel/random/boot_id")).Trim();
        foreach (var file in new[] { trial.Job(run, "started/identity"), trial.Job(run, "job.json") })
        {
            await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace(boot, OtherBoot, StringComparison.Ordinal));
        }

        // Each commit flushes the log (synchronous=FULL), so that only what came after the last one can be missing or torn.
        await using var log = new FileStream(trial.Site.Home.Database + "-wal", FileMode.Append);
        await log.WriteAsync(new byte[3000]);
    }

    private static void Cut(string file, long length)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Write);
        stream.SetLength(length);
    }
}
