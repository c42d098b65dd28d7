using Drover.EndToEnd.Killing;
using Xunit;

namespace Drover.EndToEnd.Agents;

/// <summary>What agents over the Agent Client Protocol can do beyond the others where their settings say so.</summary>
public sealed class AcpOptionTests
{
    private static readonly string[] s_steerable = ["opencode", "claude-agent-acp"];

    private static readonly Together<string> s_steered = new(s_steerable, SteerWithinTheTurn);

    public static TheoryData<string> Steerable => [.. s_steerable];

    [Theory]
    [MemberData(nameof(Steerable))]
    public Task A_message_goes_into_the_running_turn_and_one_turn_serves_both(string agent) => s_steered.Of(agent);

    private static async Task SteerWithinTheTurn(string agent)
    {
        await using var real = await RealTrial.Begin(agent, site => Trial.Script(site,
            ["edit: {path: src/work.txt, content: \"work\\n\"}", "commit: Work", "tool: {run: 'touch @/began; until [ -e @/go ]; do sleep 0.1; done'}", "say: Done."]));
        var trial = real.Trial;
        var run = await real.Start();
        await trial.Noted("began");

        var steer = await trial.Person.Say(run.Id, "STEER<3> please", "now");
        await Eventually.True(() => Of(trial, "steer.written", steer.Id), () => $"the message is written within the turn\n{trial.Server.Log}");
        Assert.DoesNotContain(trial.Feed.Events, e => e.Type == "turn.ended");
        trial.Tell("go");
        var settled = await trial.Settled(run);

        Assert.True(settled.Outcome == "succeeded", $"{settled.Outcome} {settled.Class} {settled.Reason}\n{trial.Server.Log}");
        Assert.Equal(1, real.TimesGiven("STEER<3>"));
        Assert.True(Of(trial, "steer.acknowledged", steer.Id));
        Assert.Single(trial.Feed.Events, e => e.Type == "turn.ended");
        Assert.Single(trial.Feed.Events, e => e.Type == "turn.started");
    }

    [Fact]
    public async Task Files_new_and_old_are_written_for_an_agent_that_is_offered_it_and_land_like_any_others()
    {
        await using var real = await RealTrial.Begin("gemini", site => Trial.Script(site,
            ["edit: {path: src/first.txt, content: \"work\\n\"}", "edit: {path: src/new.txt, content: \"new\\n\"}", "tool: {run: 'touch @/began; until [ -e @/go ]; do sleep 0.1; done'}", "commit: Work", "say: Done."]), "{delegate: \"true\"}");
        var trial = real.Trial;
        var run = await real.Start();
        await trial.Noted("began");

        var asked = await File.ReadAllTextAsync(trial.Job(run, "out"), TestContext.Current.CancellationToken);
        Assert.Equal(2, asked.Split("\"fs/write_text_file\"").Length - 1);
        trial.Tell("go");
        var settled = await trial.Settled(run);

        Assert.True(settled.Outcome == "succeeded", $"{settled.Outcome} {settled.Class} {settled.Reason}\n{trial.Server.Log}");
        await Eventually.True(() => trial.Ticket().Result.Stage == "done", () => $"it landed\n{trial.Server.Log}");
        Assert.Equal("work", trial.Site.Git("show", "main:src/first.txt"));
        Assert.Equal("new", trial.Site.Git("show", "main:src/new.txt"));
    }

    [Fact]
    public async Task Any_agent_of_the_protocol_works_by_its_command_line_alone()
    {
        var site = new Site();
        await File.WriteAllTextAsync(Path.Combine(site.Root, "script.yaml"), Trial.Script(site,
            ["edit: {path: src/work.txt, content: \"work\\n\"}", "commit: Work", "tool: {run: 'touch @/began; sleep 1000'}", "say: Never said."]), TestContext.Current.CancellationToken);
        await using var trial = Trial.Begin(site, $"adapter: acp\n    command: [{Programs.Rehearsal}, agent, --protocol, acp, --script, {site.Root}/script.yaml, --state, {site.Shared}/conversations]");
        var run = await trial.Start();
        await trial.Noted("began");

        var later = await trial.Person.Say(run.Id, "and then this", "next");
        await trial.Person.Say(run.Id, "instead", "interrupt");
        var settled = await trial.Settled(run);

        Assert.True(settled.Outcome == "succeeded", $"{settled.Outcome} {settled.Class} {settled.Reason}\n{trial.Server.Log}");
        Assert.Equal(["interrupted", "succeeded", "succeeded"], trial.Feed.Events.Where(e => e.Type == "turn.ended").Select(e => e.Data.GetProperty("outcome").GetString()));
        Assert.True(Of(trial, "steer.acknowledged", later.Id));
        Assert.DoesNotContain("Never said.", trial.Texts());
        await Eventually.True(() => trial.Ticket().Result.Stage == "done", () => $"it landed\n{trial.Server.Log}");
        Assert.Equal("work", trial.Site.Git("show", "main:src/work.txt"));
    }

    private static bool Of(Trial trial, string type, string steer) => trial.Feed.Events.Any(e => e.Type == type && e.Data.GetProperty("steer").GetString() == steer);
}
