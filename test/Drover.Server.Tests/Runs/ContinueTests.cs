using System.Text.Json;
using Drover.Core;
using Drover.Server.Http;
using Drover.Server.Journaling;
using Drover.Server.Runs;
using Xunit;

namespace Drover.Server.Tests.Runs;

/// <summary>A settled run is gone on with: resumed, or refined.</summary>
public sealed class ContinueTests
{
    private static readonly Plan TwoTurns = new("turns: [[{edit: {path: a.txt, content: x}}, {commit: A}, {say: A is there.}], [{edit: {path: b.txt, content: x}}, {commit: B}, {say: B too.}]]");

    [Fact]
    [Trait("row", "K6")]
    [Trait("row", "K8")]
    [Trait("row", "K9")]
    public async Task A_refinement_is_a_new_run_in_the_same_worktree_and_conversation_with_the_feedback_as_its_prompt()
    {
        await using var shop = await Workshop.Open(TwoTurns);
        var first = await shop.Settled(await shop.Start());

        var second = await shop.Settled(await shop.Continue(first, Continuation.Refine, "  And now b, please.\n"));

        Assert.Equal((Outcome.Succeeded, first.Attempt, first.Worktree, first.Id), (second.Ending!.Outcome, second.Attempt, second.Worktree, second.ResumeOf));
        Assert.Equal("And now b, please.", shop.Order(second).Prompt);
        Assert.Contains("--resume", shop.Order(second).Command);
        Assert.Equal(first.Conversation, second.Conversation);
        Assert.Null(second.FreshReason);
        Assert.Equal((2, "B\nA"), (second.Result.Commits, shop.Repository.Run("log", "-2", "--format=%s", "drover/APP-1/1/work")));
        Assert.Equal("B too.", second.Result.Summary);
        Assert.NotEqual(first.Id, second.Id);
        Assert.Single(shop.Journal.Read(db => ConversationTable.Of(db, first.Project, first.Attempt!.Value)));
    }

    [Fact]
    [Trait("row", "K8")]
    public async Task A_refinement_without_words_asks_for_a_review_and_one_of_a_refinement_goes_on_from_there()
    {
        await using var shop = await Workshop.Open(TwoTurns);
        var first = await shop.Settled(await shop.Start());

        var second = await shop.Settled(await shop.Continue(first, Continuation.Refine));
        var third = await shop.Settled(await shop.Continue(second, Continuation.Refine, "More."));

        Assert.Equal("(no specific changes requested — review the work so far and improve it).", shop.Order(second).Prompt);
        Assert.Equal((second.Id, first.Conversation.VendorId), (third.ResumeOf, third.Conversation.VendorId));
        Assert.Equal(Outcome.Succeeded, third.Ending!.Outcome);
    }

    [Fact]
    public async Task A_stopped_run_is_resumed_where_it_was_and_its_ticket_goes_back_into_coding()
    {
        await using var shop = await Workshop.Open(new Plan("turns: [[{say: I begin.}, hang], [{edit: {path: b.txt, content: x}}, {commit: B}]]"));
        var first = await shop.Start();
        await Workshop.Until(() => shop.Has(first, EventTypes.Text), () => shop.Describe(first));
        await shop.Stop(first);
        Assert.NotNull(shop.Ticket(first).Blocked);

        var second = await shop.Continue(first, Continuation.Resume);
        Assert.Equal((Stage.Coding, null), (shop.Ticket(first).Stage, shop.Ticket(first).Blocked));
        var settled = await shop.Settled(second);

        Assert.Equal((Outcome.Succeeded, GoOnPrompt.Resume), (settled.Ending!.Outcome, shop.Order(second).Prompt));
        Assert.Equal("B", shop.Repository.Run("log", "-1", "--format=%s", "drover/APP-1/1/work"));
    }

    [Fact]
    public async Task A_fork_goes_on_with_a_copy_and_the_conversation_itself_stays_as_it_was_and_is_resumed_again()
    {
        await using var shop = await Workshop.Open(TwoTurns);
        var first = await shop.Settled(await shop.Start());

        var fork = await shop.Settled(await shop.Continue(first, Continuation.Resume, "Only for the copy.", fork: true));
        var again = await shop.Settled(await shop.Continue(first, Continuation.Resume, "Only for the original."));
        var further = await shop.Settled(await shop.Continue(fork, Continuation.Resume, "More for the copy."));

        Assert.Equal((Outcome.Succeeded, first.Id, first.Conversation.Id, null), (fork.Ending!.Outcome, fork.ResumeOf, fork.ForkOf, fork.FreshReason));
        Assert.NotEqual(first.Conversation, fork.Conversation);
        Assert.Contains("--fork-session", shop.Order(fork).Command);
        Assert.Equal((first.Conversation, null), (again.Conversation, again.ForkOf));
        Assert.Equal((fork.Conversation, null), (further.Conversation, further.ForkOf));
        Assert.Equal(["Only for the original."], Said(shop, first).Skip(1));
        Assert.Equal(Said(shop, first)[0], Said(shop, fork)[0]);
        Assert.Equal(["Only for the copy.", "More for the copy."], Said(shop, fork).Skip(1));
        Assert.Equal(2, shop.Journal.Read(db => ConversationTable.Of(db, first.Project, first.Attempt!.Value)).Count);
    }

    [Fact]
    public async Task A_fork_of_a_conversation_that_the_agent_knows_no_more_fails_instead_of_beginning_another()
    {
        await using var shop = await Workshop.Open(TwoTurns);
        var first = await shop.Settled(await shop.Start());
        foreach (var kept in Kept(shop)) File.Delete(kept);

        var fork = await shop.Settled(await shop.Continue(first, Continuation.Resume, fork: true));

        Assert.Equal((Outcome.Failed, null), (fork.Ending!.Outcome, fork.FreshReason));
        Assert.Contains("No conversation found", fork.Ending.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(shop.Events(fork), e => e.Type == EventTypes.RunAnew);
    }

    [Fact]
    public async Task An_agent_that_cannot_fork_is_refused_with_the_names_of_those_that_can()
    {
        await using var shop = await Workshop.Open(TwoTurns);
        var first = await shop.Settled(await shop.Start());
        shop.Configure("""
            name: app
            agents:
              coder: {adapter: command, command: [sh, -c, "exit 1"]}
              second: {adapter: codex}
            sandbox: off
            merge: never
            """);

        var refused = await Assert.ThrowsAsync<Refusal>(() => shop.Continue(first, Continuation.Resume, fork: true));
        var strange = await Assert.ThrowsAsync<Refusal>(() => shop.Continue(first, Continuation.Resume, agent: "second", fork: true));

        Assert.Equal(("cannot_fork", "no_conversation"), (refused.Kind.Code, strange.Kind.Code));
        Assert.Contains("the adapter command has no way to", refused.Message, StringComparison.Ordinal);
        Assert.Contains("these can, each with conversations of its own: second (codex)", refused.Message, StringComparison.Ordinal);
        Assert.Contains("held with the adapter claude", strange.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Kept(Workshop shop) => Directory.EnumerateFiles(Path.Combine(shop.Home, "homes"), "*.jsonl", SearchOption.AllDirectories);

    /// <summary>The prompts of the run's conversation, as its agent has kept them.</summary>
    private static List<string> Said(Workshop shop, RunRow run) => [.. File.ReadLines(Kept(shop).Single(f => Path.GetFileNameWithoutExtension(f) == run.Conversation.VendorId))
        .Select(l => JsonDocument.Parse(l).RootElement).Where(r => r.TryGetProperty("role", out var role) && role.GetString() == "prompt").Select(r => r.GetProperty("text").GetString()!)];

    [Fact]
    public async Task A_conversation_that_the_agent_knows_no_more_becomes_a_new_one_with_the_full_prompt_and_the_reason()
    {
        await using var shop = await Workshop.Open(TwoTurns);
        var first = await shop.Settled(await shop.Start());
        foreach (var kept in Directory.EnumerateFiles(Path.Combine(shop.Home, "homes"), "*.jsonl", SearchOption.AllDirectories)) File.Delete(kept);

        var second = await shop.Settled(await shop.Continue(first, Continuation.Resume, "Mind the umlauts."));

        Assert.Contains("No conversation found", second.FreshReason, StringComparison.Ordinal);
        Assert.NotEqual(first.Conversation.VendorId, second.Conversation.VendorId);
        var prompt = shop.Order(second).Prompt!;
        Assert.Contains("Mind the umlauts.", prompt, StringComparison.Ordinal);
        Assert.Contains("You are the coder of this ticket", prompt, StringComparison.Ordinal);
        Assert.Contains("A is there.", prompt, StringComparison.Ordinal);
        Assert.DoesNotContain("--resume", shop.Order(second).Command);
        Assert.Single(shop.Events(second), e => e.Type == EventTypes.RunAnew);
        Assert.Equal(2, shop.Events(second).Count(e => e.Type == EventTypes.RunStarting));
        Assert.Equal(Outcome.Succeeded, second.Ending!.Outcome);
    }

    [Fact]
    public async Task Another_model_means_another_conversation_and_says_so()
    {
        await using var shop = await Workshop.Open(TwoTurns);
        var first = await shop.Settled(await shop.Start());
        shop.Configure(TwoTurns with { Agent = "model: other" });

        var second = await shop.Settled(await shop.Continue(first, Continuation.Resume));

        Assert.Contains("the agent now has the model other", second.FreshReason, StringComparison.Ordinal);
        Assert.DoesNotContain("--resume", shop.Order(second).Command);
        Assert.Equal(Outcome.Succeeded, second.Ending!.Outcome);
        Assert.DoesNotContain(shop.Events(second), e => e.Type == EventTypes.RunAnew);
    }

    [Fact]
    public async Task A_worktree_that_somebody_took_away_is_made_again_on_the_branch_and_set_up_once_more()
    {
        var plan = TwoTurns with { More = "post_create: [[/bin/sh, -c, 'echo x >> ../set-up']]" };
        await using var shop = await Workshop.Open(plan);
        var first = await shop.Settled(await shop.Start());
        shop.Repository.Run("worktree", "remove", "--force", first.Worktree!);

        var second = await shop.Settled(await shop.Continue(first, Continuation.Resume));

        Assert.Equal((Outcome.Succeeded, null, 2), (second.Ending!.Outcome, second.FreshReason, second.Result.Commits));
        Assert.Equal("x\nx\n", await File.ReadAllTextAsync(Path.Combine(first.Worktree!, "..", "set-up"), TestContext.Current.CancellationToken));
        Assert.Contains(shop.Events(second), e => e.Type == EventTypes.Log && e.Data.Contains("made again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_branch_that_is_gone_as_well_begins_where_it_was_last_seen()
    {
        await using var shop = await Workshop.Open(TwoTurns);
        var first = await shop.Settled(await shop.Start());
        shop.Repository.Run("worktree", "remove", "--force", first.Worktree!);
        shop.Repository.Run("branch", "-D", "drover/APP-1/1/work");

        var second = await shop.Settled(await shop.Continue(first, Continuation.Resume));

        Assert.Equal((Outcome.Succeeded, 2), (second.Ending!.Outcome, second.Result.Commits));
        Assert.Equal("B\nA", shop.Repository.Run("log", "-2", "--format=%s", "drover/APP-1/1/work"));
    }

    [Fact]
    [Trait("row", "K7")]
    public async Task What_cannot_be_gone_on_with_says_why_and_what_can_be_done()
    {
        await using var shop = await Workshop.Open(new Plan("turns: [[{say: I begin.}, hang], [{edit: {path: b.txt, content: x}}, {commit: B}]]"));
        var live = await shop.Start();
        await Workshop.Until(() => shop.Has(live, EventTypes.Text), () => shop.Describe(live));
        var still = await Assert.ThrowsAsync<Refusal>(() => shop.Continue(live, Continuation.Refine, "x"));
        await shop.Stop(live);
        var second = await shop.Continue(live, Continuation.Resume);
        var busy = await Assert.ThrowsAsync<Refusal>(() => shop.Continue(live, Continuation.Refine, "x"));
        await shop.Settled(second);
        await shop.Remove(live);
        await shop.Remove(second);
        var unknown = await Assert.ThrowsAsync<Refusal>(() => shop.Continue(live, Continuation.Refine, "x"));

        Assert.Equal(("still_live", "already_active", "run_not_found"), (still.Kind.Code, busy.Kind.Code, unknown.Kind.Code));
        Assert.Contains("drover say", still.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("row", "K7")]
    public async Task A_run_without_a_worktree_of_its_own_or_whose_worktree_was_cleaned_up_cannot_be_refined()
    {
        await using var shop = await Workshop.Open(TwoTurns);
        var inCheckout = await shop.Settled(await shop.Start(Workshop.Wish(await shop.File()) with { NoWorktree = true }));
        var cleaned = await shop.Settled(await shop.Start(Workshop.Wish(await shop.File()) with { Cleanup = true }));
        await Workshop.Until(() => shop.Attempt(cleaned).WorktreeState == WorktreeState.Removed, () => shop.Describe(cleaned));

        var without = await Assert.ThrowsAsync<Refusal>(() => shop.Continue(inCheckout, Continuation.Refine, "x"));
        var gone = await Assert.ThrowsAsync<Refusal>(() => shop.Continue(cleaned, Continuation.Refine, "x"));

        Assert.Equal(("worktree_gone", "worktree_gone"), (without.Kind.Code, gone.Kind.Code));
        Assert.Contains("it was cleaned up", gone.Message, StringComparison.Ordinal);
        Assert.Contains("drover run start", gone.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("row", "K7")]
    public async Task A_run_that_died_before_its_agent_named_a_conversation_is_resumed_in_a_new_one_and_not_refined()
    {
        await using var shop = await Workshop.Open(TwoTurns);
        var first = await shop.Settled(await shop.Start());
        await Workshop.Until(() => shop.Journal.Read(db => LandingTable.Of(db, first.Ticket!.Value)) is [{ State: LandingState.Tested }, ..], () => shop.Describe(first));
        shop.Configure(Plan.Program("exit 3"));
        await shop.Journal.Do(Priority.Urgent, tx => TicketTable.Move(tx, first.Ticket!.Value, Stage.Merging, Stage.Coding));
        var dead = await shop.Settled(await shop.Start(first.Ticket!.Value));
        shop.Configure(TwoTurns);

        var refused = await Assert.ThrowsAsync<Refusal>(() => shop.Continue(dead, Continuation.Refine, "x"));
        var resumed = await shop.Settled(await shop.Continue(dead, Continuation.Resume));

        Assert.Equal("no_conversation", refused.Kind.Code);
        Assert.Equal((Outcome.Succeeded, $"{dead.Name} has recorded no conversation"), (resumed.Ending!.Outcome, resumed.FreshReason));
    }

    [Fact]
    public async Task What_has_landed_is_not_gone_on_with()
    {
        await using var shop = await Workshop.Open(TwoTurns with { Merge = "auto" });
        var first = await shop.Start();
        await Workshop.Until(() => shop.Ticket(first).Stage == Stage.Done && shop.Attempt(first).WorktreeState == WorktreeState.Removed, () => shop.Describe(first));

        var refused = await Assert.ThrowsAsync<Refusal>(() => shop.Continue(first, Continuation.Refine, "x"));

        Assert.Equal("worktree_gone", refused.Kind.Code);
        Assert.Contains("has landed", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_dies_over_a_new_beginning_finishes_it()
    {
        await using var shop = await Workshop.Open(TwoTurns);
        var first = await shop.Settled(await shop.Start());
        foreach (var kept in Directory.EnumerateFiles(Path.Combine(shop.Home, "homes"), "*.jsonl", SearchOption.AllDirectories)) File.Delete(kept);
        var second = await shop.Continue(first, Continuation.Resume);
        await Workshop.Until(() => shop.Has(second, EventTypes.RunAnew), () => shop.Describe(second));

        await shop.Restart();
        var settled = await shop.Settled(second);

        Assert.Equal(Outcome.Succeeded, settled.Ending!.Outcome);
        Assert.Single(shop.Events(second), e => e.Type == EventTypes.PromptAccepted);
    }
}
