using Drover.Api;
using Drover.Core;
using Xunit;

namespace Drover.EndToEnd.Killing;

/// <summary>The server dies while a run waits for its vendor, and while one is made ready that goes on with another.</summary>
public sealed class WaitAndResumeTests
{
    /// <summary>The crash points that are passed here and not in a day without trouble.</summary>
    internal static readonly IReadOnlyList<string> Points = [nameof(CrashPoint.WaitStored), nameof(CrashPoint.AnewIntended), nameof(CrashPoint.AnewCleared)];

    [Fact]
    public async Task A_run_that_waits_for_its_vendor_goes_on_in_time_under_the_next_server()
    {
        await using var trial = await Trial.Begin(["edit: {path: a.txt, content: x}", "commit: A", "usage_limit: {resets_in: 3s}"]);
        await trial.KillServer();
        trial.Restart(nameof(CrashPoint.WaitStored));

        var run = await trial.Start();
        await Eventually.True(() => trial.Server.Deaths == 1, () => $"the server dies over the wait\n{trial.Server.Log}");
        var keeper = trial.Keeper(run);
        await trial.Until(run, r => r.WaitingUntil is not null && r.Status is "limited" or "idle" || r.State == "settled", "the wait after the restart");
        var settled = await trial.Settled(run);

        Assert.Equal(("succeeded", 1), (settled.Outcome, settled.Work?.Commits));
        Assert.Equal(keeper, trial.Keeper(run));
        Assert.Equal(2, Prompts(trial));
    }

    [Theory]
    [InlineData(nameof(CrashPoint.RunReserved))]
    [InlineData(nameof(CrashPoint.KeeperLaunched))]
    [InlineData(nameof(CrashPoint.FramesHalfWritten))]
    [InlineData(nameof(CrashPoint.AnewIntended))]
    [InlineData(nameof(CrashPoint.AnewCleared))]
    public async Task A_resumption_over_which_the_server_dies_is_finished_by_the_next(string point)
    {
        var isAnew = point.StartsWith("Anew", StringComparison.Ordinal);
        await using var trial = await Trial.Begin(["tool: {run: 'date +%N > a.txt'}", "commit: A", "tool: {run: 'test -e @/once || { touch @/once; kill -9 $PPID; }'}"]);
        var first = await trial.Settled(await trial.Start());
        Assert.Equal(("failed", "killed"), (first.Outcome, first.Class));
        await trial.KillServer();
        if (isAnew) Directory.Delete(Path.Combine(trial.Site.Shared, "conversations"), recursive: true);
        trial.Restart(point);

        var second = await trial.Settled(await trial.Person.Resume(first.Id));

        Assert.Equal(1, trial.Server.Deaths);
        Assert.Equal(("succeeded", first.Id, isAnew), (second.Outcome, second.ResumeOf, second.FreshReason is not null));
        // What was said to an agent whose conversation is gone is gone with it; the full prompt is said in its stead, once.
        Assert.Equal(isAnew ? 1 : 2, Prompts(trial));
    }

    /// <summary>How many prompts all conversations hold together.</summary>
    private static int Prompts(Trial trial) => Directory.EnumerateFiles(Path.Combine(trial.Site.Shared, "conversations"), "*.jsonl")
        .SelectMany(File.ReadLines).Count(line => line.Contains("\"role\":\"prompt\"", StringComparison.Ordinal));
}
