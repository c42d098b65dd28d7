using System.Diagnostics;
using Drover.Api;
using Xunit;

namespace Drover.EndToEnd.Killing;

/// <summary>Agents and keepers that do not end as they should.</summary>
public sealed class MishapTests
{
    private static readonly string[] s_commit = ["edit: {path: src/one.txt, content: one}", "commit: One"];

    [Fact]
    [Trait("row", "K34")]
    public async Task An_agent_that_is_killed_fails_as_killed_keeps_its_commits_and_its_ticket_says_why()
    {
        await using var trial = await Trial.Begin([.. s_commit, "crash: {signal: 9}"]);
        var run = await trial.Start();

        var settled = await trial.Settled(run);

        Assert.Equal(("failed", "killed"), (settled.Outcome, settled.Class));
        Assert.Equal(1, settled.Work?.Commits);
        await Eventually.True(() => trial.Ticket().GetAwaiter().GetResult().Blocked is { } why && why.Contains(settled.Reason!, StringComparison.Ordinal), () => "the ticket says why");
        Assert.DoesNotContain(Processes.Naming(trial.Site.Root), p => p.Pid != trial.Server.Pid);
    }

    [Fact]
    [Trait("row", "M4")]
    public async Task A_run_whose_keeper_is_killed_is_lost_and_nothing_of_its_agent_lives_on()
    {
        await using var trial = await Trial.Begin(["say: before", "tool: {run: 'touch @/began; sleep 1000'}"]);
        var run = await trial.Start();
        await trial.Noted("began");

        Processes.Kill(trial.Keeper(run));
        var settled = await trial.Settled(run);

        Assert.Equal("lost", settled.Outcome);
        Assert.Contains("keeper", settled.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(Processes.Naming(trial.Site.Root), p => p.Pid != trial.Server.Pid);
    }

    [Fact]
    public async Task An_agent_that_floods_its_error_output_goes_on_and_is_not_held_up()
    {
        await using var trial = await Trial.Begin(["flood_stderr: 20000000", .. s_commit]);
        var run = await trial.Start();

        Assert.Equal(("succeeded", "the turn ended"), await Ending(trial, run));
    }

    [Fact]
    [Trait("row", "A12")]
    public async Task An_agent_that_never_answers_is_ended_and_leaves_nothing()
    {
        await using var trial = await Trial.Begin(["say: never"], "command: [sh, -c, 'echo hello >&2; sleep 1000']\n    limits: {wall: 2s}");
        var run = await trial.Start();

        var settled = await trial.Settled(run);
        await trial.Feed.Until(e => e.Type == "worktree.removed", "its worktree is gone");

        Assert.Equal("failed", settled.Outcome);
        Assert.DoesNotContain(Processes.Naming(trial.Site.Root), p => p.Pid != trial.Server.Pid);
        Assert.Equal("", trial.Site.Git("for-each-ref", "refs/heads/drover"));
    }

    [Fact]
    [Trait("row", "K12")]
    public async Task An_agent_that_does_not_exist_fails_its_run_by_name_and_leaves_nothing()
    {
        await using var trial = await Trial.Begin(["say: never"], "command: [no-such-agent]");
        var run = await trial.Start();

        var settled = await trial.Settled(run);
        await trial.Feed.Until(e => e.Type == "worktree.removed", "its worktree is gone");

        Assert.Equal("failed", settled.Outcome);
        Assert.Contains("no-such-agent", settled.Reason, StringComparison.Ordinal);
        Assert.Equal("", trial.Site.Git("for-each-ref", "refs/heads/drover"));
        Assert.Single(trial.Site.Git("worktree", "list").Split('\n'));
    }

    [Fact]
    [Trait("row", "K35")]
    public async Task A_second_server_on_the_same_home_is_refused_and_the_first_goes_on()
    {
        await using var trial = await Trial.Begin(["tool: {run: 'touch @/began'}", "wait_for: '@/go'", .. s_commit]);
        var run = await trial.Start();
        await trial.Noted("began");

        var start = new ProcessStartInfo(Programs.Server, ["serve"]) { RedirectStandardError = true };
        start.Environment.Clear();
        foreach (var (name, value) in trial.Site.Environment) start.Environment[name] = value;
        using var second = Process.Start(start)!;
        var said = await second.StandardError.ReadToEndAsync();
        await second.WaitForExitAsync();
        trial.Tell("go");

        Assert.Equal(1, second.ExitCode);
        Assert.Contains(trial.Site.Home.Path, said, StringComparison.Ordinal);
        Assert.Equal(("succeeded", "the turn ended"), await Ending(trial, run));
        Assert.Equal(0, trial.Server.Deaths);
    }

    private static async Task<(string?, string?)> Ending(Trial trial, RunJson run)
    {
        var settled = await trial.Settled(run);
        return (settled.Outcome, settled.Reason);
    }
}
