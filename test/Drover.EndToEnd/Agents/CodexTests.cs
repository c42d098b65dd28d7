using System.Diagnostics;
using Drover.EndToEnd.Killing;
using Drover.EndToEnd.Rehearsal;
using Xunit;

namespace Drover.EndToEnd.Agents;

/// <summary>Real Codex, where it differs from the others: it has a sandbox of its own, and takes a message in the middle of an answer.</summary>
public sealed class CodexTests
{
    [Fact]
    public async Task Within_its_own_sandbox_it_edits_and_commits_and_may_not_write_elsewhere()
    {
        Assert.SkipUnless(await CanSandbox(), "Codex' own sandbox does not work on this machine");

        // Neither the worktree nor a place for temporary files.
        const string elsewhere = "/usr/share/drover-was-here";
        await using var real = await RealTrial.Begin("codex",
            site => Trial.Script(site, ["edit: {path: src/work.txt, content: \"work\\n\"}", "commit: Work", $"tool: {{run: 'touch {elsewhere}; git log -1 --format=%s'}}", "say: Done."]), sandbox: "off");
        var trial = real.Trial;
        var run = await real.Start();
        var settled = await trial.Settled(run);

        Assert.True(settled.Outcome == "succeeded", $"{settled.Outcome} {settled.Class} {settled.Reason}\n{Returned(trial)}\n{trial.Server.Log}");
        await Eventually.True(() => trial.Ticket().Result.Stage == "done", () => $"it landed\n{trial.Server.Log}");
        Assert.Equal("work", trial.Site.Git("show", "main:src/work.txt"));
        Assert.EndsWith("Work\n", trial.Feed.Events.Last(e => e.Type == "tool.returned").Data.GetProperty("output").GetString());
        Assert.False(File.Exists(elsewhere));
    }

    [Fact]
    public async Task A_message_in_the_middle_of_an_answer_breaks_it_off_and_is_answered_in_the_same_turn()
    {
        await using var real = await RealTrial.Begin("codex",
            "edit: {path: src/work.txt, content: \"work\\n\"}", "commit: Work", "say: {text: A long answer that nobody will hear the end of., chunk: 4, delay: 300ms}", "say: Done.");
        var trial = real.Trial;
        var run = await real.Start();
        await Eventually.True(() => trial.Feed.Events.Count(e => e.Type == "tool.returned") == 2, () => $"the work is committed\n{trial.Server.Log}");

        var steer = await trial.Person.Say(run.Id, "STEER<4> please", "now");
        var settled = await trial.Settled(run);

        Assert.True(settled.Outcome == "succeeded", $"{settled.Outcome} {settled.Class} {settled.Reason}\n{trial.Server.Log}");
        Assert.Equal(1, real.TimesGiven("STEER<4>"));
        Assert.Contains(trial.Feed.Events, e => e.Type == "steer.acknowledged" && e.Data.GetProperty("steer").GetString() == steer.Id);
        Assert.Single(trial.Feed.Events, e => e.Type == "turn.ended");
    }

    /// <summary>It drops the message that opens a turn when that is interrupted at once.</summary>
    [Fact]
    public async Task Messages_of_which_each_interrupts_the_one_before_at_once_are_all_given_once()
    {
        await using var real = await RealTrial.Begin("codex",
            "edit: {path: src/work.txt, content: \"work\\n\"}", "commit: Work", "tool: {run: 'touch @/began; sleep 1000'}", "say: Never said.");
        var trial = real.Trial;
        var run = await real.Start();
        await trial.Noted("began");

        List<string> steers = [];
        foreach (var n in Enumerable.Range(1, 12)) steers.Add((await trial.Person.Say(run.Id, $"STEER<{n}> instead", "interrupt")).Id);
        var settled = await trial.Settled(run);

        Assert.True(settled.Outcome == "succeeded", $"{settled.Outcome} {settled.Class} {settled.Reason}\n{trial.Server.Log}");
        Assert.All(Enumerable.Range(1, 12), n => Assert.Equal(1, real.TimesGiven($"STEER<{n}>")));
        Assert.Equal(steers.Order(), trial.Feed.Events.Where(e => e.Type == "steer.acknowledged").Select(e => e.Data.GetProperty("steer").GetString()!).Order());
    }

    private static async Task<bool> CanSandbox()
    {
        using var scratch = new Scratch();
        var start = new ProcessStartInfo(await Rehearsal.Agents.Program("codex"), ["sandbox", "--", "true"]) { RedirectStandardError = true };
        start.Environment.Clear();
        foreach (var (name, value) in Surroundings.Of(scratch)) start.Environment[name] = value;
        start.Environment["TMPDIR"] = "/var/tmp"; // it makes its helper programs nowhere below this
        using var probe = Process.Start(start)!;
        await probe.StandardError.ReadToEndAsync();
        await probe.WaitForExitAsync();
        return probe.ExitCode == 0;
    }

    private static string Returned(Trial trial) =>
        string.Join('\n', trial.Feed.Events.Where(e => e.Type is "tool.called" or "tool.returned" or "trouble").Select(e => e.Data));
}
