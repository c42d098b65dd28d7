using Drover.EndToEnd.Killing;
using Drover.EndToEnd.Rehearsal;
using Xunit;

namespace Drover.EndToEnd.Agents;

/// <summary>Real agents that take one prompt and end, driven as any program.</summary>
public sealed class OneShotTests
{
    [Fact]
    public async Task Codex_exec_that_ends_over_an_overloaded_model_is_started_again_with_its_conversation_in_the_same_run()
    {
        await using var real = await RealTrial.BeginCommand("codex", ["exec", "--json", "--model", "gpt-5.5", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox", "{resume}", "{prompt}"],
            "{ output: codex-exec, resume: resume }", ".codex", site => Trial.Script(site, ["tool: {run: 'echo x > a.txt'}", "error: {status: 529, times: 2}", "commit: A"]));

        var settled = await real.Trial.Settled(await real.Start());

        Assert.Equal(("succeeded", 1, null), (settled.Outcome, settled.Work?.Commits, settled.FreshReason));
        Assert.Equal([("failed", "overloaded"), ("succeeded", null)], settled.Turns!.Select(t => (t.Outcome, t.Class)));
        Assert.Contains("resume", settled.CommandLine!);
        Assert.Contains(settled.Conversation!, settled.CommandLine!);
        Assert.Equal(1, real.MostTimesGiven("cut short from outside (overloaded)"));
        Assert.Single(real.Conversations());
    }
}
