using Drover.Core;
using Drover.Server.Http;
using Drover.Server.Journaling;
using Drover.Server.Landing;
using Drover.Server.Projects;
using Drover.Server.Runs;
using Drover.Server.Scheduling;
using Drover.Server.Tests.Git;
using Drover.Server.Tests.Landings;
using Drover.Server.Tests.Runs;
using Drover.Server.Tickets;
using Xunit;
using static Drover.Server.Tests.Scheduling.SchedulingShop;

namespace Drover.Server.Tests.Scheduling;

/// <summary>What happens by itself to work that failed, or was found wanting.</summary>
public sealed class TryingAgainTests
{
    [Fact]
    public async Task Failed_work_is_tried_again_in_the_same_worktree_and_success_forgets_the_failures()
    {
        await using var shop = await Workshop.Open(Adds with { More = "retries: {most: 2, delay: 1s}" });
        shop.WriteScript("turns: [[{edit: {path: begun.txt, content: x}}, {commit: Begun}, {crash: 3}], [{edit: {path: more.txt, content: x}}, {commit: More}]]");
        var key = await shop.File();
        await Move(shop, key, Stage.Ready);
        await Until(shop, key, t => t.Stage == Stage.Done);

        var runs = RunsOf(shop, key);
        Assert.Equal((2, 1), (runs.Count, runs.Select(r => r.Attempt).Distinct().Count()));
        Assert.Equal((runs[0].Id, 0), (runs[1].ResumeOf!.Value, shop.Ticket(key).Pace.Retries));
        Assert.Equal("x", shop.Repository.Read("begun.txt"));
        Assert.Contains(shop.Events(key), e => e.Type == EventTypes.TicketAgain && e.Data.Contains("crashed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_fails_again_and_again_is_blocked_with_the_number_and_the_last_reason()
    {
        await using var shop = await Workshop.Open(Adds with { More = "retries: {most: 1, delay: 1s}" });
        shop.WriteScript("turns: [[{crash: 3}], [{crash: 3}], [{edit: {path: a.txt, content: x}}, {commit: A}]]");
        var key = await shop.File();
        await Move(shop, key, Stage.Ready);

        await Until(shop, key, t => t.Blocked is not null);

        Assert.Equal(2, RunsOf(shop, key).Count);
        Assert.Contains("crashed", shop.Ticket(key).Blocked!.Reason, StringComparison.Ordinal);
        Assert.Contains("tried again 1 time", shop.Ticket(key).Blocked!.Reason, StringComparison.Ordinal);

        // Who unblocks it begins the count anew.
        await shop.Journal.Do(Priority.Urgent, tx => TicketCommands.Unblock(tx, key, Workshop.Ann));
        await Until(shop, key, t => t.Stage == Stage.Done);
    }

    [Fact]
    public async Task A_delay_outlives_the_server()
    {
        await using var shop = await Workshop.Open(Adds with { More = "retries: {most: 2, delay: 3s}" });
        shop.WriteScript("turns: [[{crash: 3}], [{edit: {path: a.txt, content: x}}, {commit: A}]]");
        var key = await shop.File();
        await Move(shop, key, Stage.Ready);
        await Until(shop, key, t => t.Pace.NotBefore is not null);
        var why = await Why(shop, key);
        Assert.Equal("delay", why.Code);
        Assert.StartsWith("coder-app-1 failed (crashed): ", shop.Journal.Read(db => TicketView.Why(db, key, DateTimeOffset.UnixEpoch, why)).Text, StringComparison.Ordinal);

        await shop.Restart(() => Task.CompletedTask);

        await Until(shop, key, t => t.Stage == Stage.Done);
        var runs = RunsOf(shop, key);
        Assert.Equal(2, runs.Count);
        Assert.True(runs[1].CreatedAt - runs[0].EndedAt >= TimeSpan.FromSeconds(3), "it did not wait");
    }

    [Fact]
    public async Task A_failed_gate_sends_the_work_back_with_its_output_and_the_mended_work_lands()
    {
        await using var shop = await Workshop.Open(Adds with { More = "retries: {most: 0, rounds: 2}\ngates: [{name: test, run: \"test -e fixed.txt || { echo it is broken >&2; exit 9; }\"}]" });
        shop.WriteScript("turns: [[{edit: {path: a.txt, content: x}}, {commit: A}], [{edit: {path: fixed.txt, content: x}}, {commit: Mend}]]");
        var key = await shop.File();
        await Move(shop, key, Stage.Ready);

        await Until(shop, key, t => t.Stage == Stage.Done);

        var runs = RunsOf(shop, key);
        Assert.Equal(2, runs.Count);
        Assert.Equal((runs[0].Attempt, runs[0].Conversation.VendorId), (runs[1].Attempt, runs[1].Conversation.VendorId));
        Assert.Contains("it is broken", shop.Order(runs[1]).Instruction!, StringComparison.Ordinal);
        Assert.Contains(shop.Events(key), e => e.Type == EventTypes.TicketSentBack);
    }

    [Fact]
    public async Task Work_that_is_sent_back_and_stays_as_it_was_is_blocked_instead_of_going_round()
    {
        await using var shop = await Workshop.Open(Adds with { More = "retries: {most: 0, rounds: 5}\ngates: [{name: test, run: \"exit 9\"}]" });
        shop.WriteScript("turns: [[{edit: {path: a.txt, content: x}}, {commit: A}], [{say: I see nothing wrong.}]]");
        var key = await shop.File();
        await Move(shop, key, Stage.Ready);

        await Until(shop, key, t => t.Blocked is not null);

        Assert.Equal(2, RunsOf(shop, key).Count);
        Assert.Contains("same commit", shop.Ticket(key).Blocked!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Conflicting_work_is_sent_back_to_be_merged()
    {
        await using var shop = await Workshop.Open(Adds with { More = "retries: {most: 0, rounds: 1}" });
        shop.WriteScript($"turns: [[{{edit: {{path: a.txt, content: theirs}}}}, {{commit: Theirs}}, {{wait_for: \"{shop.Sign("go")}\"}}], [{{tool: {{run: \"git merge -X ours -q -m Merge trunk\"}}}}]]");
        var key = await shop.File();
        await Move(shop, key, Stage.Ready);
        await Workshop.Until(() => RunsOf(shop, key) is [{ State: RunState.Live } run] && shop.Repository.Run("log", "--format=%s", "-1", run.Attempt!.Value.Branch.Value).Contains("Theirs", StringComparison.Ordinal), () => Told(shop, key));
        shop.Repository.Write("a.txt", "mine");
        shop.Repository.Commit("Mine");
        shop.Give("go");

        await Until(shop, key, t => t.Stage == Stage.Done);

        Assert.Contains("a.txt", shop.Order(RunsOf(shop, key)[1]).Instruction!, StringComparison.Ordinal);
        Assert.Equal("theirs", shop.Repository.Read("a.txt"));
    }

    [Fact]
    public async Task A_run_that_was_to_be_cleaned_up_and_failed_is_not_tried_again()
    {
        await using var shop = await Workshop.Open(Adds with { More = "retries: {most: 2, delay: 1s}" });
        shop.WriteScript("turns: [[{edit: {path: a.txt, content: x}}, {commit: A}, {crash: 3}], [{edit: {path: b.txt, content: x}}, {commit: B}]]");
        var key = await shop.File();
        await shop.Start(Workshop.Wish(key) with { Cleanup = true, Instruction = "Only probe it." });

        await Until(shop, key, t => t.Blocked is not null);

        Assert.Single(RunsOf(shop, key));
        Assert.Contains("--cleanup", shop.Ticket(key).Blocked!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_asked_of_a_run_is_asked_of_the_one_that_tries_it_again_in_a_fresh_conversation()
    {
        await using var shop = await Workshop.Open(Adds with { More = "retries: {most: 2, delay: 1s}" });
        shop.WriteScript("turns: [[{say: I begin.}, {error: 413}]]\ndefault: [{edit: {path: b.txt, content: x}}, {commit: B}]");
        var key = await shop.File();
        await shop.Start(Workshop.Wish(key) with { Instruction = "Keep the old name." });

        await Workshop.Until(() => RunsOf(shop, key) is [_, { BegunAt: not null }, ..], () => Told(shop, key));

        var again = RunsOf(shop, key)[1];
        Assert.Contains("itself what failed", again.FreshReason!, StringComparison.Ordinal);
        Assert.Contains("Keep the old name.", shop.Order(again).Prompt!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_gates_find_while_a_ticket_is_held_is_told_after_its_release()
    {
        await using var shop = await Workshop.Open(Adds);
        shop.Configure(Adds with { More = $"retries: {{most: 0, rounds: 3}}\ngates: [{{name: test, run: [/bin/sh, -c, 'until test -e \"$0\"; do sleep 0.05; done; exit 9', \"{shop.Sign("go")}\"]}}]" });
        var key = await shop.File();
        await Move(shop, key, Stage.Ready);
        await Workshop.Until(() => shop.Events(key).Any(e => e.Type == EventTypes.GateStarted), () => Told(shop, key));
        await shop.Journal.Do(Priority.Urgent, tx => TicketCommands.Hold(tx, key, "lunch", Workshop.Ann));
        shop.Give("go");
        await Workshop.Until(() => shop.Events(key).Any(e => e.Type == EventTypes.LandingFailed), () => Told(shop, key));

        await shop.Journal.Do(Priority.Urgent, tx => TicketCommands.Release(tx, key, Workshop.Ann));

        await Workshop.Until(() => RunsOf(shop, key).Count > 1, () => Told(shop, key));
        Assert.Contains("gate `test` failed", shop.Order(RunsOf(shop, key)[1]).Instruction!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_block_that_is_lifted_after_the_work_has_ended_well_lets_it_go_on()
    {
        await using var shop = await Workshop.Open(Adds);
        shop.WriteScript($"steps: [{{wait_for: \"{shop.Sign("go")}\"}}, {{edit: {{path: a.txt, content: x}}}}, {{commit: A}}]");
        var key = await shop.File();
        var run = await shop.Start(key);
        await shop.Live(run);
        await shop.Journal.Do(Priority.Urgent, tx => TicketCommands.Block(tx, key, "wait for design", Workshop.Ann));
        shop.Give("go");
        await Workshop.Until(() => shop.Get(run).State == RunState.Settled, () => Told(shop, key));

        await shop.Journal.Do(Priority.Urgent, tx => TicketCommands.Unblock(tx, key, Workshop.Ann));

        await Until(shop, key, t => t.Stage == Stage.Done);
        Assert.Single(RunsOf(shop, key));
    }
}
