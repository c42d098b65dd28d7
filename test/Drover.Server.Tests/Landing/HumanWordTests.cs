using Drover.Core;
using Drover.Server.Http;
using Drover.Server.Journaling;
using Drover.Server.Runs;
using Drover.Server.Tests.Git;
using Drover.Server.Tests.Runs;
using Drover.Server.Tickets;
using Xunit;

namespace Drover.Server.Tests.Landings;

public sealed class HumanWordTests
{
    [Fact]
    public async Task Never_waits_for_a_humans_merge_and_on_approval_for_a_humans_approval()
    {
        await using var shop = await Workshop.Open(LandingShop.Adds with { Merge = "never" });
        var run = await shop.Start();
        await shop.Waits(run);
        var old = shop.Repository.Tip("trunk");

        Assert.Contains("drover merge APP-1", shop.Why(run), StringComparison.Ordinal);
        await shop.Say(run, LandingWord.Approve);
        Assert.Equal((old, Stage.Merging), (shop.Repository.Tip("trunk"), shop.Ticket(run).Stage));

        shop.Configure(LandingShop.Adds with { Merge = "on-approval" });
        await shop.Done(run);
    }

    [Fact]
    public async Task An_approval_is_for_one_head_and_a_new_commit_voids_it()
    {
        await using var shop = await Workshop.Open(new Plan("steps: [{edit: {path: new.txt, content: new}}, {commit: Add}]") with { Merge = "on-approval" });
        shop.Configure(LandingShop.Adds with { Merge = "on-approval", More = $"gates: [{shop.UntilGo()}]" });
        var run = await shop.Start();
        await Workshop.Until(() => shop.Events(run.Ticket!.Value).Any(e => e.Type == EventTypes.GateStarted), () => shop.Describe(run));
        await shop.Say(run, LandingWord.Approve);
        var old = shop.Repository.Tip("trunk");

        Sample.WriteIn(run.Worktree!, "more.txt", "more");
        var head = shop.Repository.CommitIn(run.Worktree!, "More");
        shop.Give("go");
        await Workshop.Until(() => shop.Landings(run) is [{ State: LandingState.Tested, Reason: not null } newest, ..] && newest.Head == head, () => shop.Describe(run));

        Assert.Equal(old, shop.Repository.Tip("trunk"));
        Assert.Equal([LandingState.Tested, LandingState.Abandoned], shop.Landings(run).Select(l => l.State));
        await shop.Say(run, LandingWord.Approve);
        await shop.Done(run);
        Assert.Equal("more", shop.Repository.Read("more.txt"));
    }

    [Fact]
    public async Task An_agent_neither_approves_nor_merges()
    {
        await using var shop = await Workshop.Open(LandingShop.Adds);
        var run = await shop.Start();
        await shop.Waits(run);

        foreach (var word in Enum.GetValues<LandingWord>())
            Assert.Equal("human_only", (await Assert.ThrowsAsync<Refusal>(() => shop.Say(run, word, new(PrincipalKind.Run, run.Id.Value)))).Kind.Code);
    }

    [Theory]
    [InlineData("drover.yaml", "tool: {run: \"echo '# mine' >> drover.yaml\"}")]
    [InlineData("ops/key", "edit: {path: ops/key, content: mine}")]
    public async Task A_change_of_what_judges_it_needs_a_human_also_when_the_gates_are_green(string file, string change)
    {
        await using var shop = await Workshop.Open(Plan.Of(change, "commit: A small thing") with { Merge = "auto", More = "protected: [ops]\ngates: [\"true\"]" });
        var old = shop.Repository.Tip("trunk");

        var run = await shop.Start();
        await shop.Waits(run);

        Assert.Contains(file, shop.Why(run), StringComparison.Ordinal);
        Assert.Contains("drover approve APP-1", shop.Why(run), StringComparison.Ordinal);
        Assert.Equal(old, shop.Repository.Tip("trunk"));
        await shop.Say(run, LandingWord.Approve);
        await shop.Done(run);
    }

    [Fact]
    public async Task A_held_ticket_does_not_land_until_it_is_released()
    {
        await using var shop = await Workshop.Open(LandingShop.Adds with { Merge = "on-approval" });
        var run = await shop.Start();
        await shop.Waits(run);
        await shop.Journal.Do(Priority.Urgent, tx => TicketCommands.Hold(tx, run.Ticket!.Value, "not today", Workshop.Ann));

        Assert.Equal("held", (await Assert.ThrowsAsync<Refusal>(() => shop.Say(run, LandingWord.Approve))).Kind.Code);
        Assert.Contains("not today", shop.Why(run), StringComparison.Ordinal);

        await shop.Journal.Do(Priority.Urgent, tx => TicketCommands.Release(tx, run.Ticket!.Value, Workshop.Ann));
        await shop.Say(run, LandingWord.Approve);
        await shop.Done(run);
    }

    [Fact]
    public async Task What_waits_for_a_human_can_be_worked_on_again_and_lands_anew()
    {
        await using var shop = await Workshop.Open(LandingShop.Adds with { Merge = "never" });
        var run = await shop.Start();
        await shop.Waits(run);

        shop.WriteScript("turns: [[{say: Begun.}], [{edit: {path: more.txt, content: x}}, {commit: More}]]");
        var second = await shop.Settled(await shop.Continue(run, Continuation.Refine, "More of it."));
        await Workshop.Until(() => shop.Landings(run) is [{ State: LandingState.Tested, Reason: not null } newest, ..] && newest.Head == second.Result.Head, () => shop.Describe(run));

        Assert.Equal(run.Attempt, second.Attempt);
        await shop.Say(second, LandingWord.Merge);
        await shop.Done(second);
        Assert.Equal("x", shop.Repository.Read("more.txt"));
    }
}
