using Drover.Core;
using Drover.Server.Journaling;
using Drover.Server.Runs;
using Xunit;

namespace Drover.Server.Tests.Runs;

/// <summary><c>limits.turns</c>: a run has no more turns than that, and none of them is cut off.</summary>
public sealed class TurnLimitTests
{
    [Fact]
    public async Task A_message_that_would_take_a_turn_too_many_stays_queued_and_the_run_ends_with_its_last_turn()
    {
        await using var shop = await Workshop.Open(Waiting(turns: 2));
        var run = await Begun(shop);

        var first = await shop.Say(run, "And b.", SteerMode.Next);
        Assert.Null(Note(shop, run, SteerMode.Next));
        var second = await shop.Say(run, "And c.", SteerMode.Next);
        var third = await shop.Say(run, "No, d.", SteerMode.Interrupt);
        Assert.Contains("no turn left for it (limits.turns is 2)", Note(shop, run, SteerMode.Interrupt), StringComparison.Ordinal);
        Assert.Null(Note(shop, run, SteerMode.Now));
        await shop.Restart();
        shop.Give("go");
        var settled = await shop.Settled(run);

        Assert.Equal((Outcome.Failed, FailureClass.MaxTurns), (settled.Ending!.Outcome, settled.Ending.Class));
        Assert.Contains("2 messages were still to be said, and no turn is left: limits.turns is 2", settled.Ending.Reason, StringComparison.Ordinal);
        Assert.Equal([SteerState.Acknowledged, SteerState.Refused, SteerState.Refused], new[] { first, second, third }.Select(s => shop.Steer(s).State));
        Assert.All([second, third], s => Assert.Equal("no turn was left for it (limits.turns is 2)", shop.Steer(s).Why));
        Assert.Equal([Outcome.Succeeded, Outcome.Succeeded], shop.Journal.Read(db => TurnTable.Of(db, run.Id)).Select(t => t.Result!.Outcome));
        Assert.Equal((2, "B"), (settled.Result.Commits, shop.Repository.Run("log", "-1", "--format=%s", "drover/APP-1/1/work")));
        Assert.Empty(Workshop.Processes(run));
    }

    [Fact]
    public async Task A_message_that_is_taken_into_the_last_turn_needs_no_other()
    {
        await using var shop = await Workshop.Open(Waiting(turns: 1));
        var run = await Begun(shop);

        var now = await shop.Say(run, "Mind the ü.", SteerMode.Now);
        await Workshop.Until(() => shop.Steer(now).State == SteerState.Written, () => shop.Describe(run));
        shop.Give("go");
        var settled = await shop.Settled(run);

        Assert.Equal((Outcome.Succeeded, SteerState.Acknowledged), (settled.Ending!.Outcome, shop.Steer(now).State));
        Assert.Single(shop.Journal.Read(db => TurnTable.Of(db, run.Id)));
    }

    [Fact]
    public async Task A_message_for_now_that_comes_before_the_last_turn_has_begun_gets_no_turn_of_its_own()
    {
        await using var shop = await Workshop.Open(Plan.Of("say: unused"));
        var (file, go) = (shop.Sign("agent.sh"), shop.Sign("go"));
        await File.WriteAllTextAsync(file, """
            read -r hello
            until [ -e 'GO' ]; do sleep 0.05; done
            echo '{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":1,"agentCapabilities":{}}}'
            read -r new; echo '{"jsonrpc":"2.0","id":2,"result":{"sessionId":"s-1"}}'
            n=3
            while read -r prompt; do
              printf '%s\n%s\n' '{"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"s-1","update":{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"Done."}}}}' \
                '{"jsonrpc":"2.0","id":'$n',"result":{"stopReason":"end_turn"}}'
              n=$((n+1))
            done
            """.Replace("GO", go), TestContext.Current.CancellationToken);
        shop.Configure($$"""
            name: app
            agents:
              coder: { adapter: acp, command: [/bin/sh, {{file}}], options: { steers: "true" }, limits: { turns: 1 }, home: isolated }
            sandbox: off
            merge: never
            """);
        var run = await shop.Start();
        await Workshop.Until(() => shop.Get(run).Process is not null, () => shop.Describe(run));

        var now = await shop.Say(run, "Mind the ü.", SteerMode.Now);
        shop.Give("go");
        var settled = await shop.Settled(run);

        Assert.Single(shop.Journal.Read(db => TurnTable.Of(db, run.Id)));
        Assert.Equal((FailureClass.MaxTurns, SteerState.Refused), (settled.Ending!.Class, shop.Steer(now).State));
    }

    [Fact]
    public async Task An_agent_that_has_no_turn_left_to_commit_in_has_failed_and_what_it_left_is_kept()
    {
        await using var shop = await Workshop.Open(Plan.Of("edit: {path: a.txt, content: x}", "commit: A", "edit: {path: b.txt, content: x}") with { Agent = "limits: {turns: 1}" });

        var run = await shop.Settled(await shop.Start());

        Assert.Equal((Outcome.Failed, FailureClass.MaxTurns), (run.Ending!.Outcome, run.Ending.Class));
        Assert.Contains("still to be asked to commit", run.Ending.Reason, StringComparison.Ordinal);
        Assert.Equal(0, run.Progress.CommitAsks);
        Assert.Equal(["b.txt"], run.Result.Dirty);
        Assert.NotEmpty(shop.Salvaged());
    }

    /// <summary>What somebody is told who has just said something.</summary>
    private static string? Note(Workshop shop, RunRow run, SteerMode mode) => shop.Journal.Read(db => SteerView.WithoutTurn(
        db, shop.Get(run), mode, RunSettings.Parse(RunTable.OrderOf(db, run.Id)!.Settings).Limits, shop.Work.Place.Adapter(run.Adapter)!.Capabilities));

    private static Plan Waiting(int turns) => new("steps: []") { Agent = $"limits: {{turns: {turns}}}" };

    /// <summary>A run in its first turn, which goes on when it is told to.</summary>
    private static async Task<RunRow> Begun(Workshop shop)
    {
        shop.WriteScript($$"""
            turns:
              - - tool: {run: "until test -e '{{shop.Sign("go")}}'; do sleep 0.05; done"}
                - edit: {path: a.txt, content: x}
                - commit: A
              - - edit: {path: b.txt, content: x}
                - commit: B
            """);
        var run = await shop.Start();
        await Workshop.Until(() => shop.Has(run, EventTypes.ToolCalled), () => shop.Describe(run));
        return run;
    }
}
