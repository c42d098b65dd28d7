using Drover.Core;
using Drover.Server.Journaling;
using Drover.Server.Runs;
using Xunit;

namespace Drover.Server.Tests.Runs;

public sealed class EndingTests
{
    [Fact]
    [Trait("row", "K27")]
    [Trait("row", "K28")]
    public async Task An_agent_that_leaves_work_uncommitted_is_asked_once_and_what_is_left_is_saved_and_told()
    {
        await using var shop = await Workshop.Open(new Plan("turns: [[{edit: {path: a b.txt, content: y}}, {commit: A}, {edit: {path: left.txt, content: z}}, {say: Done.}]]\ndefault: [{say: I will not.}]"));

        var run = await shop.Settled(await shop.Start());

        Assert.Equal((Outcome.Succeeded, 1), (run.Ending!.Outcome, run.Progress.CommitAsks));
        Assert.Equal(["left.txt"], run.Result.Dirty);
        Assert.Contains("left.txt", run.Result.Note, StringComparison.Ordinal);
        Assert.Contains(shop.Events(run), e => e.Type == EventTypes.Log && e.Data.Contains("\"level\":\"warn\"", StringComparison.Ordinal) && e.Data.Contains("left.txt", StringComparison.Ordinal));
        var saved = Assert.IsType<string>(run.Result.SalvageRef);
        Assert.Contains(saved, run.Result.Note, StringComparison.Ordinal);
        Assert.Equal(2, shop.Events(run).Count(e => e.Type == EventTypes.TurnEnded));
        // It stays where it is, too.
        Assert.Equal("z", File.ReadAllText(Path.Combine(run.Worktree!, "left.txt")));
        Assert.Equal("z", shop.Repository.Run("show", $"{shop.Salvaged()}:left.txt"));
    }

    [Fact]
    [Trait("row", "K27")]
    public async Task An_agent_that_commits_when_asked_leaves_nothing()
    {
        await using var shop = await Workshop.Open(new Plan("turns: [[{edit: {path: a.txt, content: y}}, {say: Done.}], [{commit: As asked}]]"));

        var run = await shop.Settled(await shop.Start());

        Assert.Equal((Outcome.Succeeded, 1, 1), (run.Ending!.Outcome, run.Progress.CommitAsks, run.Result.Commits));
        Assert.Empty(run.Result.Dirty);
        Assert.Null(run.Result.Note);
        Assert.Equal("", shop.Salvaged());
    }

    [Fact]
    [Trait("row", "K26")]
    [Trait("row", "K16")]
    public async Task A_stopped_run_keeps_its_commits_on_record_and_its_uncommitted_work_safe()
    {
        await using var shop = await Workshop.Open(new Plan("steps: [{edit: {path: a.txt, content: y}}, {commit: A}, {edit: {path: b.txt, content: z}}, {say: Now I wait.}, hang]"));
        var run = await shop.Start();
        await Workshop.Until(() => shop.Has(run, EventTypes.Text), () => shop.Describe(run));

        var stopped = await shop.Stop(run);

        Assert.Equal((Outcome.Stopped, "enough", Workshop.Ann), (stopped.Ending!.Outcome, stopped.Ending.Reason, stopped.Ending.Actor));
        Assert.Equal(shop.Repository.Tip("drover/APP-1/1/work"), stopped.Result.Head);
        Assert.Equal((1, 0), (stopped.Result.Commits, stopped.Progress.CommitAsks));
        Assert.Equal(["b.txt"], stopped.Result.Dirty);
        Assert.Equal("z", shop.Repository.Run("show", $"{shop.Salvaged()}:b.txt"));
        Assert.Contains("was stopped by human:ann: enough", shop.Ticket(run).Blocked?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worktree_that_git_cannot_tell_about_ends_the_run_with_that_reason()
    {
        await using var shop = await Workshop.Open(Plan.Of("tool: {run: \"git checkout -q --orphan elsewhere\"}", "say: Done."));

        var run = await shop.Settled(await shop.Start());

        Assert.Equal((Outcome.Failed, FailureClass.Other), (run.Ending!.Outcome, run.Ending.Class));
        Assert.Contains("could not be looked at", $"{run.Ending.Reason} {run.Result.Note}", StringComparison.Ordinal);
        Assert.Equal(Stage.Coding, shop.Ticket(run).Stage);
    }

    [Fact]
    [Trait("row", "K26")]
    [Trait("row", "K27")]
    public async Task A_failed_run_keeps_its_reason_and_its_head()
    {
        await using var shop = await Workshop.Open(Plan.Of("edit: {path: a.txt, content: y}", "commit: A", "edit: {path: b.txt, content: z}", "crash: {exit: 7}"));

        var run = await shop.Settled(await shop.Start());

        Assert.Equal((Outcome.Failed, FailureClass.Crashed, 7), (run.Ending!.Outcome, run.Ending.Class, run.Exit?.Code));
        Assert.Equal((shop.Repository.Tip("drover/APP-1/1/work"), 1), (run.Result.Head, run.Result.Commits));
        Assert.Equal(["b.txt"], run.Result.Dirty);
        Assert.DoesNotContain("uncommitted", run.Ending.Reason, StringComparison.Ordinal);
        Assert.Contains("b.txt", run.Result.Note, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("row", "K25")]
    public async Task A_run_settles_once()
    {
        await using var shop = await Workshop.Open(Plan.Of("edit: {path: a.txt, content: y}", "commit: A"));
        var run = await shop.Settled(await shop.Start());
        var events = shop.Events(run).Count;

        await new Settling(shop.Work.Place, run).Do("again", TestContext.Current.CancellationToken);
        Assert.False(await shop.Journal.Do(Priority.Urgent, tx => RunTable.Settle(tx, run.Id, new(Outcome.Lost, null, "no", Workshop.Ann))));

        Assert.Equal((run.Ending, run.Result.Note, run.EndedAt), (shop.Get(run).Ending, shop.Get(run).Result.Note, shop.Get(run).EndedAt));
        Assert.Equal(events, shop.Events(run).Count);
    }

    [Fact]
    [Trait("row", "K28")]
    [Trait("row", "K1")]
    public async Task A_run_with_cleanup_gives_worktree_and_branch_back_once_its_work_is_safe()
    {
        await using var shop = await Workshop.Open(new Plan("turns: [[{edit: {path: a.txt, content: y}}, {commit: A}, {edit: {path: b.txt, content: z}}, {say: Done.}]]\ndefault: [{say: No.}]") with { Merge = "auto" });
        var tip = shop.Repository.Tip("trunk");

        var run = await shop.Settled(await shop.Start(Workshop.Wish(await shop.File()) with { Cleanup = true }));
        await Workshop.Until(() => shop.Attempt(run).ClosedAt is not null, () => shop.Describe(run));

        Assert.Equal(Outcome.Succeeded, run.Ending!.Outcome);
        Assert.False(Directory.Exists(run.Worktree));
        Assert.Equal(("", tip), (shop.Branches(), shop.Repository.Tip("trunk")));
        var saved = shop.Salvaged().Split('\n');
        Assert.Contains(saved, name => shop.Repository.Run("log", "--format=%s", name).Split('\n').Contains("A"));
        Assert.Contains(saved, name => shop.Repository.Run("ls-tree", "--name-only", name).Split('\n').Contains("b.txt"));
        Assert.Contains("--cleanup", shop.Ticket(run).Blocked?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("row", "K28")]
    public async Task A_run_whose_repository_has_vanished_settles_all_the_same()
    {
        await using var shop = await Workshop.Open(new Plan("steps: [{say: Waiting.}, hang]"));
        var run = await shop.Start(Workshop.Wish(await shop.File()) with { Cleanup = true });
        await shop.Live(run);

        await shop.Restart(() => Directory.Move(shop.Repository.Clone, shop.Repository.Clone + " away"));
        var settled = await shop.Stop(run);

        Assert.Equal(RunState.Settled, settled.State);
        Assert.Empty(Workshop.Processes(run));
        Assert.Contains("cannot be opened", $"{settled.Ending!.Reason} {settled.Result.Note}", StringComparison.Ordinal);
    }

    [Fact]
    [Trait("row", "K18")]
    public async Task The_last_run_of_an_attempt_takes_worktree_and_branch_with_it_and_leaves_the_numbers_of_others()
    {
        await using var shop = await Workshop.Open(Plan.Of("edit: {path: a.txt, content: y}", "commit: A"));
        var run = await shop.Settled(await shop.Start());
        var other = await shop.Settled(await shop.Start());
        var kept = shop.Events().Where(e => e.About.Run != run.Id).Select(e => (e.Seq, e.Type)).ToList();

        await shop.Remove(run);

        Assert.Null(shop.Journal.Read(db => RunTable.Get(db, run.Id)));
        Assert.Empty(shop.Events(run));
        Assert.False(Directory.Exists(run.Worktree));
        Assert.False(Directory.Exists(shop.Job(run).Path));
        Assert.Equal("drover/APP-2/1/work", shop.Branches());
        Assert.Contains("APP-1/1", shop.Salvaged(), StringComparison.Ordinal);
        Assert.Equal(kept, shop.Events().Take(kept.Count).Select(e => (e.Seq, e.Type)));
        Assert.Contains(shop.Events(), e => e.Type == EventTypes.RunRemoved && e.Data.Contains(run.Id.Value, StringComparison.Ordinal));
        Assert.True(Directory.Exists(other.Worktree));
    }

    [Fact]
    [Trait("row", "K18")]
    public async Task A_live_run_is_not_removed_and_neither_is_one_beside_it_in_the_same_worktree()
    {
        await using var shop = await Workshop.Open(new Plan("turns: [[{edit: {path: a.txt, content: y}}, {commit: A}]]"));
        var first = await shop.Settled(await shop.Start());
        shop.WriteScript("steps: [{say: Here.}, hang]");
        await shop.Journal.Do(Priority.Urgent, tx => TicketTable.Block(tx, first.Ticket!.Value, "not yet", Workshop.Ann));
        var second = await shop.Continue(first, Continuation.Refine, "More.");
        await shop.Live(second);

        Assert.Equal("still_live", (await Assert.ThrowsAsync<Server.Http.Refusal>(() => shop.Remove(second))).Kind.Code);
        Assert.Equal("still_live", (await Assert.ThrowsAsync<Server.Http.Refusal>(() => shop.Remove(first))).Kind.Code);
        Assert.Equal(first.Attempt, second.Attempt);

        await shop.Stop(second);
        await shop.Remove(first);
        Assert.True(Directory.Exists(second.Worktree));
        await shop.Remove(second);
        Assert.False(Directory.Exists(second.Worktree));
    }
}
