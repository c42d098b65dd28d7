using Drover.Core;
using Drover.Server.Journaling;
using Xunit;

namespace Drover.Server.Tests.Runs;

/// <summary>A restarted server goes on where the rows say it was.</summary>
public sealed class AdoptionTests
{
    [Fact]
    [Trait("row", "K35")]
    [Trait("row", "K13")]
    public async Task A_live_run_goes_on_under_the_next_server_with_the_same_process_and_nothing_twice()
    {
        await using var shop = await Workshop.Open(new Plan("steps: []"));
        shop.WriteScript($"turns: [[{{say: One.}}, {{wait_for: \"{shop.Sign("go")}\"}}, {{say: Two.}}, {{edit: {{path: a.txt, content: x}}}}, {{commit: A}}], [{{say: Three.}}]]");
        var run = await shop.Start();
        await Workshop.Until(() => shop.Has(run, EventTypes.Text), () => shop.Describe(run));
        var process = shop.Get(run).Process;

        await shop.Restart(() => shop.Give("go"));
        var steer = await TrySay(shop, run);
        var settled = await shop.Settled(run);

        Assert.Equal((Outcome.Succeeded, process), (settled.Ending!.Outcome, settled.Process));
        var texts = shop.Events(run).Where(e => e.Type == EventTypes.Text).Select(e => e.Data).ToList();
        Assert.Equal(texts.Distinct().Count(), texts.Count);
        Assert.Contains("Two.", texts[1], StringComparison.Ordinal);
        Assert.Single(shop.Events(run), e => e.Type == EventTypes.PromptWritten);
        if (steer is not null) Assert.True(shop.Steer(steer).State is SteerState.Acknowledged or SteerState.Refused, shop.Steer(steer).ToString());
    }

    [Fact]
    [Trait("row", "K35")]
    public async Task A_run_whose_worktree_is_being_set_up_is_taken_up_and_sets_it_up_once()
    {
        await using var shop = await Workshop.Open(Plan.Of("edit: {path: a.txt, content: x}", "commit: A"));
        shop.Configure(Plan.Of() with { More = $"post_create: [[/bin/sh, -c, 'until test -e \"$0\"; do sleep 0.05; done; echo x >> \"$0.ran\"', \"{shop.Sign("go")}\"]]" });
        var run = await shop.Start();
        await Workshop.Until(() => shop.JobNames().Any(j => Workshop.Marked(j).Count > 0), () => shop.Describe(run));

        await shop.Restart();
        Assert.Equal(RunState.Preparing, shop.Get(run).State);
        shop.Give("go");

        Assert.Equal(Outcome.Succeeded, (await shop.Settled(run)).Ending!.Outcome);
        Assert.Equal("x\n", File.ReadAllText(shop.Sign("go.ran")));
    }

    [Fact]
    [Trait("row", "K35")]
    public async Task A_run_that_ended_while_no_server_was_there_is_settled_by_the_next()
    {
        await using var shop = await Workshop.Open(new Plan("steps: []"));
        shop.WriteScript($"steps: [{{say: One.}}, {{wait_for: \"{shop.Sign("go")}\"}}, {{crash: {{exit: 3}}}}]");
        var run = await shop.Start();
        await Workshop.Until(() => shop.Has(run, EventTypes.Text), () => shop.Describe(run));

        await shop.Restart(() =>
        {
            shop.Give("go");
            return Workshop.Until(() => File.Exists(Path.Combine(shop.Home, "runs", run.Id.Value, "exit")), () => "the agent has not ended");
        });

        var settled = await shop.Settled(run);
        Assert.Equal((Outcome.Failed, FailureClass.Crashed, 3), (settled.Ending!.Outcome, settled.Ending.Class, settled.Exit?.Code));
    }

    [Fact]
    [Trait("row", "K35")]
    public async Task A_run_whose_keeper_was_killed_is_lost_with_the_reason_and_leaves_no_process()
    {
        await using var shop = await Workshop.Open(new Plan("steps: [{say: One.}, hang]"));
        var run = await shop.Start();
        await Workshop.Until(() => shop.Has(run, EventTypes.Text), () => shop.Describe(run));

        System.Diagnostics.Process.GetProcessById(shop.Get(run).Process!.Pid).Kill();
        var settled = await shop.Settled(run);

        Assert.Equal((Outcome.Lost, "the keeper was killed"), (settled.Ending!.Outcome, settled.Ending.Reason));
        Assert.Empty(Workshop.Processes(run));
    }

    [Fact]
    public async Task The_last_good_configuration_goes_on_also_after_a_restart_and_says_so()
    {
        var plan = Plan.Of("edit: {path: a.txt, content: x}", "commit: A");
        await using var shop = await Workshop.Open(plan);
        await shop.Settled(await shop.Start());
        shop.Configure("name: app\nagents: {coder: {adaptr: claude}}\n");

        await shop.Restart();
        var run = await shop.Start();

        Assert.Contains(shop.Events(run), e => e.Type == EventTypes.Log && e.Data.Contains("is broken", StringComparison.Ordinal) && e.Data.Contains("agents.coder", StringComparison.Ordinal));
        Assert.Equal(Outcome.Succeeded, (await shop.Settled(run)).Ending!.Outcome);
        shop.Configure(plan);
        var good = await shop.Start();
        Assert.DoesNotContain(shop.Events(good), e => e.Type == EventTypes.Log);
    }

    /// <summary>The run may be over before it can be told anything.</summary>
    private static async Task<SteerRow?> TrySay(Workshop shop, RunRow run)
    {
        try
        {
            return await shop.Say(run, "And three.", SteerMode.Next);
        }
        catch (Server.Http.Refusal)
        {
            return null;
        }
    }
}
