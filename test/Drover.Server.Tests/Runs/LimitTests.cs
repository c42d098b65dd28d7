using System.Diagnostics;
using Drover.Agents;
using Drover.Core;
using Drover.Server.Journaling;
using Drover.Server.Runs;
using Xunit;

namespace Drover.Server.Tests.Runs;

public sealed class LimitTests
{
    [Theory]
    [InlineData("idle", "{say: Hm.}, hang", FailureClass.Silent)]
    [InlineData("tool", "{tool: {run: sleep 600}}", FailureClass.Silent)]
    [InlineData("wall", "{say: Hm.}, hang", FailureClass.Budget)]
    public async Task A_run_that_passes_a_limit_is_ended_and_says_which(string limit, string steps, FailureClass why)
    {
        await using var shop = await Workshop.Open(new Plan($"steps: [{steps}]") with { Agent = $"limits: {{{limit}: 1s}}" });

        var run = await shop.Settled(await shop.Start());

        Assert.Equal((Outcome.Failed, why), (run.Ending!.Outcome, run.Ending.Class));
        Assert.Contains($"limits.{limit} is 1 s", run.Ending.Reason, StringComparison.Ordinal);
        Assert.Empty(Workshop.Processes(run));
    }

    [Fact]
    public async Task An_agent_that_only_tells_of_trouble_without_end_is_ended_and_its_trouble_named()
    {
        await using var shop = await Workshop.Open(Plan.Shell("""
            while echo '{"type":"system","subtype":"api_retry","attempt":1,"max_retries":10,"retry_delay_ms":100,"error_status":529,"error":"overloaded"}'; do sleep 0.1; done
            """) with { Agent = "limits: {idle: 1s}" });

        var run = await shop.Settled(await shop.Start());

        Assert.Equal((Outcome.Failed, FailureClass.Overloaded), (run.Ending!.Outcome, run.Ending.Class));
        Assert.Contains("limits.idle is 1 s", run.Ending.Reason, StringComparison.Ordinal);
        Assert.Contains("last: ", run.Ending.Reason, StringComparison.Ordinal);
        Assert.Contains(shop.Events(run), e => e.Type == EventTypes.Limit);
        Assert.Empty(Workshop.Processes(run));
    }

    [Fact]
    public async Task An_agent_whose_every_try_says_something_and_breaks_off_again_is_ended_though_it_is_never_silent()
    {
        await using var shop = await Workshop.Open(Plan.Shell("""
            while echo '{"type":"assistant","message":{"id":"m1","role":"assistant","content":[{"type":"text","text":"I begin."}]}}'
            do echo '{"type":"system","subtype":"api_retry","attempt":1,"max_retries":10,"retry_delay_ms":10,"error_status":529,"error":"overloaded"}'; sleep 0.01; done
            """));

        var run = await shop.Settled(await shop.Start());

        Assert.Equal((Outcome.Failed, FailureClass.Overloaded), (run.Ending!.Outcome, run.Ending.Class));
        Assert.Contains("times without finishing a tool call or its turn; last: ", run.Ending.Reason, StringComparison.Ordinal);
        Assert.Empty(Workshop.Processes(run));
    }

    [Fact]
    public void Trouble_and_limits_are_no_signs_of_life_and_everything_else_is()
    {
        AgentEvent[] none = [new AgentEvent.Trouble(FailureClass.Connection, "Reconnecting... 2/5"), new AgentEvent.Limit(FailureClass.RateLimit, "again in 2 s", Rejected: false, null)];
        AgentEvent[] signs =
        [
            new AgentEvent.Delta(IsThought: true, "Hm"), new AgentEvent.Said("Hm."), new AgentEvent.Thought("Hm."), new AgentEvent.ToolCalled("c", "Bash", "{}"),
            new AgentEvent.ToolReturned("c", "", IsError: true), new AgentEvent.TurnStarted(), new AgentEvent.TurnEnded(TurnEnding.Succeeded, null),
            new AgentEvent.MessageAccepted(new("m")), new AgentEvent.Usage(1, 1, 0, 0, null), new AgentEvent.Raw("{}"), new AgentEvent.Malformed("x", "not JSON"),
        ];

        Assert.DoesNotContain(none, Watchdog.IsSign);
        Assert.All(signs, s => Assert.True(Watchdog.IsSign(s), $"{s}"));
    }

    [Fact]
    public async Task A_silent_tool_call_is_not_an_idle_agent()
    {
        await using var shop = await Workshop.Open(Plan.Of("tool: {run: sleep 3}", "edit: {path: a.txt, content: x}", "commit: A") with { Agent = "limits: {idle: 1s}" });

        Assert.Equal(Outcome.Succeeded, (await shop.Settled(await shop.Start())).Ending!.Outcome);
    }

    [Fact]
    public async Task A_live_spool_keeps_to_its_quota_once_it_is_read()
    {
        await using var shop = await Workshop.Open(Plan.Shell("""
            i=0
            while [ $i -lt 12 ]; do
              printf '{"type":"noise","text":"'
              head -c 1000000 /dev/zero | tr '\0' x
              echo '"}'
              i=$((i+1))
            done
            echo ready > ready
            read -r more
            """) with { More = "retention: {spool_quota: 1MiB}" });
        var run = await shop.Start();

        await Workshop.Until(() => shop.Get(run).Progress.Watermark > 12_000_000, () => shop.Describe(run));
        await Workshop.Until(() => Allocated(shop.Job(run).Out) < 3_000_000, () => $"{Allocated(shop.Job(run).Out)} bytes on disk");

        Assert.True(new FileInfo(shop.Job(run).Out).Length > 12_000_000);
        Assert.Equal(12, shop.Events(run).Count(e => e.Type == EventTypes.Raw));
        await shop.Stop(run);
    }

    private static long Allocated(string file)
    {
        using var du = Process.Start(new ProcessStartInfo("du", ["-k", file]) { RedirectStandardOutput = true })!;
        var text = du.StandardOutput.ReadToEnd();
        du.WaitForExit();
        return long.Parse(text.Split('\t')[0], System.Globalization.CultureInfo.InvariantCulture) * 1024;
    }
}
