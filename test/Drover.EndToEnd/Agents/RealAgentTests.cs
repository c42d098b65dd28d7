using Drover.EndToEnd.Killing;
using Xunit;

namespace Drover.EndToEnd.Agents;

/// <summary>What every real agent does under Drover, each over its own protocol.</summary>
public sealed class RealAgentTests
{
    /// <summary>The presets whose programs the tests drive; <c>DROVER_AGENTS=codex,pi</c> chooses some of them.</summary>
    public static readonly IReadOnlyList<string> Names = Environment.GetEnvironmentVariable("DROVER_AGENTS") is { Length: > 0 } chosen
        ? chosen.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        : ["claude", "codex", "gemini", "opencode", "pi"];

    private static readonly Together<string> s_adopted = new(Names, WorkThroughAKill);
    private static readonly Together<string> s_interrupted = new(Names, GoOnDifferently);

    public static TheoryData<string> Agents => [.. Names];

    [Theory]
    [MemberData(nameof(Agents))]
    public Task It_works_a_ticket_to_main_is_steered_and_survives_a_killed_server(string agent) => s_adopted.Of(agent);

    [Theory]
    [MemberData(nameof(Agents))]
    public Task It_is_interrupted_and_goes_on_with_what_it_is_told_instead(string agent) => s_interrupted.Of(agent);

    private static async Task WorkThroughAKill(string agent)
    {
        await using var real = await RealTrial.Begin(agent,
            "edit: {path: src/work.txt, content: \"work\\n\"}", "commit: Work", "tool: {run: 'touch @/began'}", "wait_for: '@/go'", "tool: {run: 'touch @/went-on'}", "say: Done.");
        var trial = real.Trial;
        var run = await real.Start();
        await trial.Noted("began");
        var steer = await trial.Person.Say(run.Id, "STEER<1> please", "now");

        trial.Server.Kill();
        await Eventually.True(trial.Server.Answers, () => "the server is back");
        trial.Tell("go");
        var settled = await trial.Settled(run);

        Assert.True(settled.Outcome == "succeeded", $"{settled.Outcome} {settled.Class} {settled.Reason}\n{trial.Server.Log}");
        Assert.Equal(1, real.TimesGiven("STEER<1>"));
        await Eventually.True(() => trial.Ticket().Result.Stage == "done", () => $"it landed\n{trial.Server.Log}");
        Assert.Equal("work", trial.Site.Git("show", "main:src/work.txt"));
        Assert.Contains(trial.Feed.Events, e => e.Type == "steer.acknowledged" && e.Data.GetProperty("steer").GetString() == steer.Id);
        Assert.True(settled.Usage.Input > 0 && settled.Usage.Output > 0, $"{settled.Usage}");
    }

    private static async Task GoOnDifferently(string agent)
    {
        await using var real = await RealTrial.Begin(agent,
            "edit: {path: src/work.txt, content: \"work\\n\"}", "commit: Work", "tool: {run: 'touch @/began; sleep 1000'}", "say: Never said.");
        var trial = real.Trial;
        var run = await real.Start();
        await trial.Noted("began");

        await trial.Person.Say(run.Id, "STEER<2> instead", "interrupt");
        var settled = await trial.Settled(run);

        Assert.True(settled.Outcome == "succeeded", $"{settled.Outcome} {settled.Class} {settled.Reason}\n{trial.Server.Log}");
        Assert.Equal(1, real.TimesGiven("STEER<2>"));
        Assert.DoesNotContain("Never said.", trial.Texts());
        Assert.Contains(trial.Feed.Events, e => e.Type == "turn.ended" && e.Data.GetProperty("outcome").GetString() == "interrupted");
    }
}
