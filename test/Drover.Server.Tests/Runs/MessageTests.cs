using Drover.Core;
using Drover.Server.Http;
using Drover.Server.Journaling;
using Drover.Server.Runs;
using Xunit;

namespace Drover.Server.Tests.Runs;

/// <summary>What is said to a run on its way, and what to one that is over.</summary>
public sealed class MessageTests
{
    [Fact]
    [Trait("row", "K15")]
    public async Task A_message_now_is_read_within_the_turn_and_one_for_next_after_it()
    {
        await using var shop = await Workshop.Open(new Plan("steps: []"));
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

        var now = await shop.Say(run, "Mind the ü.", SteerMode.Now);
        var next = await shop.Say(run, "And then b.", SteerMode.Next);
        await Workshop.Until(() => shop.Steer(now).State == SteerState.Written, () => shop.Describe(run));
        Assert.Equal(SteerState.Queued, shop.Steer(next).State);
        shop.Give("go");
        var settled = await shop.Settled(run);

        Assert.Equal((SteerState.Acknowledged, SteerState.Acknowledged), (shop.Steer(now).State, shop.Steer(next).State));
        Assert.Equal((Outcome.Succeeded, 2), (settled.Ending!.Outcome, settled.Result.Commits));
        var events = shop.Events(run).ToList();
        int At(string type, string part = "") => events.FindIndex(e => e.Type == type && e.Data.Contains(part, StringComparison.Ordinal));
        Assert.True(At(EventTypes.SteerAcknowledged, now.Id.Value) < At(EventTypes.TurnEnded));
        Assert.True(At(EventTypes.SteerAcknowledged, next.Id.Value) > At(EventTypes.TurnEnded));
        foreach (var steer in (SteerRow[])[now, next])
        {
            Assert.True(At(EventTypes.SteerQueued, steer.Id.Value) < At(EventTypes.SteerWritten, steer.Id.Value));
            Assert.True(At(EventTypes.SteerWritten, steer.Id.Value) < At(EventTypes.SteerAcknowledged, steer.Id.Value));
        }
    }

    [Fact]
    [Trait("row", "K15")]
    public async Task An_interrupting_message_ends_the_turn_and_opens_the_next()
    {
        await using var shop = await Workshop.Open(new Plan("turns: [[{say: I begin.}, hang], [{edit: {path: b.txt, content: x}}, {commit: B}]]"));
        var run = await shop.Start();
        await Workshop.Until(() => shop.Has(run, EventTypes.Text), () => shop.Describe(run));

        var steer = await shop.Say(run, "Do b instead.", SteerMode.Interrupt);
        var settled = await shop.Settled(run);

        Assert.Equal(SteerState.Acknowledged, shop.Steer(steer).State);
        Assert.Equal((Outcome.Succeeded, "B"), (settled.Ending!.Outcome, shop.Repository.Run("log", "-1", "--format=%s", "drover/APP-1/1/work")));
        Assert.Contains(shop.Events(run), e => e.Type == EventTypes.TurnEnded && e.Data.Contains("interrupted", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("row", "K14")]
    public async Task What_was_written_to_an_agent_that_dies_before_it_says_so_is_unknown()
    {
        await using var shop = await Workshop.Open(new Plan("steps: []"));
        shop.WriteScript($"steps: [{{say: Here.}}, {{wait_for: \"{shop.Sign("go")}\"}}, {{crash: {{signal: 9}}}}]");
        var run = await shop.Start();
        await Workshop.Until(() => shop.Has(run, EventTypes.Text), () => shop.Describe(run));
        var now = await shop.Say(run, "Anybody?", SteerMode.Now);
        var next = await shop.Say(run, "Later.", SteerMode.Next);
        await Workshop.Until(() => shop.Steer(now).State == SteerState.Written, () => shop.Describe(run));

        shop.Give("go");
        var settled = await shop.Settled(run);

        Assert.Equal(Outcome.Failed, settled.Ending!.Outcome);
        Assert.Equal((SteerState.Unknown, SteerState.Refused), (shop.Steer(now).State, shop.Steer(next).State));
        Assert.Contains(shop.Events(run), e => e.Type == EventTypes.SteerUnknown && e.Data.Contains(now.Id.Value, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("row", "K15")]
    public async Task What_an_agents_protocol_cannot_do_is_said_at_once_and_the_message_comes_after_the_turn()
    {
        await using var shop = await Workshop.Open(new Plan("steps: []"));
        shop.WriteScript($"turns: [[{{say: Here.}}, {{wait_for: \"{shop.Sign("go")}\"}}, {{edit: {{path: a.txt, content: x}}}}, {{commit: A}}], [{{say: I see.}}]]");
        shop.Configure($$"""
            name: app
            agents:
              coder:
                adapter: acp
                command: {{System.Text.Json.JsonSerializer.Serialize((string[])[Path.GetFullPath(Workshop.Rehearsal), "agent", "--protocol", "acp", "--script", shop.ScriptFile])}}
                home: isolated
            sandbox: off
            merge: never
            """);
        var run = await shop.Start();
        await Workshop.Until(() => shop.Has(run, EventTypes.PromptAccepted), () => shop.Describe(run));

        var now = await shop.Say(run, "Inside?", SteerMode.Now);
        var said = SteerView.Shortfall(shop.Get(run), SteerMode.Now, shop.Work.Place.Adapter(run.Adapter)!.Capabilities);
        shop.Give("go");
        await shop.Settled(run);

        Assert.Contains("takes no message inside a turn", said, StringComparison.Ordinal);
        Assert.Null(SteerView.Shortfall(shop.Get(run), SteerMode.Next, shop.Work.Place.Adapter(run.Adapter)!.Capabilities));
        Assert.Equal(SteerState.Acknowledged, shop.Steer(now).State);
        var types = shop.Events(run).Select(e => e.Type).ToList();
        Assert.True(types.IndexOf(EventTypes.SteerWritten) > types.IndexOf(EventTypes.TurnEnded));
    }

    [Fact]
    [Trait("row", "K13")]
    [Trait("row", "K14")]
    [Trait("row", "K16")]
    public async Task A_run_that_is_over_is_neither_told_anything_nor_stopped_and_says_how_it_ended()
    {
        await using var shop = await Workshop.Open(Plan.Of("edit: {path: a.txt, content: x}", "commit: A"));
        var run = await shop.Settled(await shop.Start());

        var said = await Assert.ThrowsAsync<Refusal>(() => shop.Say(run, "Hello?", SteerMode.Now));
        var stopped = await Assert.ThrowsAsync<Refusal>(() => shop.Stop(run));
        var unknown = await Assert.ThrowsAsync<Refusal>(() => shop.Journal.Do(Priority.Urgent, tx => RunRoutes.Find(tx, "nobody")));

        Assert.Equal(("not_live", "not_live", "run_not_found"), (said.Kind.Code, stopped.Kind.Code, unknown.Kind.Code));
        Assert.Contains("succeeded", said.Message, StringComparison.Ordinal);
        Assert.Contains("succeeded", stopped.Message, StringComparison.Ordinal);
        Assert.Empty(shop.Journal.Read(db => SteerTable.Of(db, run.Id)));
    }

    [Fact]
    [Trait("row", "K16")]
    public async Task The_first_wish_to_stop_is_the_reason_and_nothing_is_said_to_a_run_that_is_to_end()
    {
        await using var shop = await Workshop.Open(Plan.Program("trap '' INT TERM; sleep 600") with { Sandbox = "off" });
        var run = await shop.Start();
        await Workshop.Until(() => shop.Get(run).Process is not null, () => shop.Describe(run));

        await shop.Journal.Do(Priority.Urgent, tx =>
        {
            RunCommands.Stop(tx, RunTable.Get(tx, run.Id)!, "first", Workshop.Ann);
            RunCommands.Stop(tx, RunTable.Get(tx, run.Id)!, "second", Workshop.Ann);
            Assert.Throws<Refusal>(() => RunCommands.Say(tx, RunTable.Get(tx, run.Id)!, "Too late", SteerMode.Now, new("00000000-0000-4000-8000-000000000001"), Workshop.Ann));
        });
        var settled = await shop.Settled(run);

        Assert.Equal((Outcome.Stopped, "first"), (settled.Ending!.Outcome, settled.Ending.Reason));
        Assert.Empty(Workshop.Processes(run));
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("off")]
    [Trait("row", "K16")]
    public async Task A_stop_leaves_no_child_of_the_agent_however_it_hides(string sandbox)
    {
        var seconds = new Random(Guid.NewGuid().GetHashCode()).Next(100_000, 900_000);
        await using var shop = await Workshop.Open(Plan.Shell($"""
            (setsid env -i /bin/sleep {seconds} &)
            (setsid /bin/sh -c 'setsid /bin/sleep {seconds} & exit' &)
            echo hidden > ready
            sleep {seconds}
            """) with { Sandbox = sandbox });
        var run = await shop.Start();
        await Workshop.Until(() => File.Exists(Path.Combine(run.Worktree!, "ready")) && Sleepers(seconds) == 3, () => shop.Describe(run));

        var settled = await shop.Stop(run);

        Assert.Equal(Outcome.Stopped, settled.Ending!.Outcome);
        Assert.NotNull(settled.Containment);
        Assert.Equal(0, Sleepers(seconds));
        Assert.DoesNotContain("may have escaped", settled.Result.Note ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agents_wish_is_denied_with_the_reason_where_no_sandbox_holds_it()
    {
        await using var shop = await Workshop.Open(Plan.Of("ask: {run: touch asked.txt}", "edit: {path: a.txt, content: x}", "commit: A"));

        var run = await shop.Settled(await shop.Start());

        var asked = Assert.Single(shop.Journal.Read(db => ApprovalTable.Of(db, run.Id)));
        Assert.Equal((ApprovalState.Denied, Principal.Server("policy")), (asked.State, asked.By));
        Assert.Contains(shop.Events(run), e => e.Type == EventTypes.ApprovalSettled && e.Data.Contains("without Drover", StringComparison.Ordinal));
        Assert.False(File.Exists(Path.Combine(run.Worktree!, "asked.txt")));
    }

    [Fact]
    public async Task An_agents_wish_is_allowed_inside_the_sandbox()
    {
        await using var shop = await Workshop.Open(Plan.Of("ask: {run: touch asked.txt}", "commit: A") with { Sandbox = "auto" });
        Assert.SkipUnless((await shop.Work.Place.Sandbox).Resolve(SandboxMode.Auto) is Node.Sandboxing.SandboxLevel.Bubblewrap, "there is no bubblewrap here");

        var run = await shop.Settled(await shop.Start());

        Assert.Equal((Outcome.Succeeded, "bubblewrap"), (run.Ending!.Outcome, run.Sandbox));
        Assert.Equal("asked.txt", shop.Repository.Run("show", "--format=", "--name-only", "drover/APP-1/1/work"));
        Assert.All(shop.Journal.Read(db => ApprovalTable.Of(db, run.Id)), a => Assert.Equal(ApprovalState.Allowed, a.State));
    }

    private static int Sleepers(int seconds) => Directory.EnumerateDirectories("/proc").Count(d =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(d, "cmdline")).StartsWith($"/bin/sleep\0{seconds}\0", StringComparison.Ordinal)
                || File.ReadAllText(Path.Combine(d, "cmdline")).StartsWith($"sleep\0{seconds}\0", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended in between.
            return false;
        }
    });
}
