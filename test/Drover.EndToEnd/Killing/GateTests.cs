using Xunit;

namespace Drover.EndToEnd.Killing;

/// <summary>The server dies while a gate runs, which goes on without it.</summary>
public sealed class GateTests
{
    private const string Gate = "echo x >> @/runs; test -f src/one.txt && while ! test -f @/go; do sleep 0.05; done && test -f src/one.txt";

    private static readonly string[] s_commit = ["edit: {path: src/one.txt, content: one}", "commit: One"];

    [Fact]
    public async Task A_gate_under_way_is_waited_for_by_the_next_server_and_not_run_again()
    {
        await using var trial = await Trial.Begin(s_commit, gate: Gate);
        await trial.Start();
        await trial.Noted("runs");

        await trial.KillServer();
        trial.Restart();
        await Eventually.True(trial.Server.Answers, () => trial.Server.Log);
        await trial.Feed.Until(e => e.Type == "gate.started" && trial.Feed.Events.Count(s => s.Type == "server.started") == 2, "it is taken up");
        trial.Tell("go");
        await trial.Feed.Until(e => e.Type == "worktree.removed", "it has landed");

        Assert.Equal(["x"], trial.Site.Noted("runs"));
        Assert.Equal("one", trial.Site.Git("show", "main:src/one.txt"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(trial.Site.Home.Path, "gates", "kill")));
    }

    [Fact]
    public async Task A_gate_whose_tree_will_not_land_any_more_is_ended()
    {
        await using var trial = await Trial.Begin(s_commit, gate: Gate);
        await trial.Start();
        await trial.Noted("runs");
        await trial.KillServer();
        var before = Processes.Naming(trial.Site.Root).Select(p => p.Pid).ToList();

        trial.Site.Write("mine.txt", "mine\n");
        trial.Site.Commit("Mine");
        trial.Restart();
        await Eventually.True(() => trial.Site.Noted("runs").Count == 2, () => $"the gate runs on the new tree\n{trial.Server.Log}");

        Assert.NotEmpty(before);
        Assert.DoesNotContain(Processes.Naming(trial.Site.Root), p => before.Contains(p.Pid));
        trial.Tell("go");
        await trial.Feed.Until(e => e.Type == "worktree.removed", "it has landed");
        Assert.Equal(("one", "mine"), (trial.Site.Git("show", "main:src/one.txt"), trial.Site.Git("show", "main:mine.txt")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(trial.Site.Home.Path, "gates", "kill")));
    }
}
