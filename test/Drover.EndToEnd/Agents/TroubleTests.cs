using Drover.EndToEnd.Killing;
using Xunit;

namespace Drover.EndToEnd.Agents;

/// <summary>Real agents that would try again to reach their model for ever.</summary>
public sealed class TroubleTests
{
    [Fact]
    public async Task Codex_without_its_models_server_is_ended_by_the_idle_limit_with_the_trouble_that_it_told_of()
    {
        await using var real = await RealTrial.Begin("codex", site => Trial.Script(site, ["tool: {run: 'touch @/began'}", "wait_for: '@/never'"]), limits: "{idle: 8s}");
        var trial = real.Trial;
        var run = await real.Start();
        await trial.Noted("began");

        await real.EndModel();
        var settled = await trial.Settled(run);

        Assert.Equal(("failed", "connection"), (settled.Outcome, settled.Class));
        Assert.Contains("limits.idle is 8 s", settled.Reason, StringComparison.Ordinal);
        Assert.Contains("Reconnecting", settled.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Opencode_whose_models_answers_just_end_is_ended_by_the_idle_limit()
    {
        await using var real = await RealTrial.Begin("opencode", site => Trial.Script(site, ["tool: {run: 'true'}", "drop: silently"]), limits: "{idle: 8s}");

        var settled = await real.Trial.Settled(await real.Start());

        Assert.Equal(("failed", "silent"), (settled.Outcome, settled.Class));
        Assert.Contains("limits.idle is 8 s", settled.Reason, StringComparison.Ordinal);
    }
}
