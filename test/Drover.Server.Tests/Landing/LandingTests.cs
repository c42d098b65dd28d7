using Drover.Core;
using Drover.Server.Http;
using Drover.Server.Journaling;
using Drover.Server.Tests.Runs;
using Xunit;

namespace Drover.Server.Tests.Landings;

public sealed class LandingTests
{
    [Theory]
    [InlineData("merge", 2)]
    [InlineData("squash", 1)]
    [InlineData("ff", 1)]
    public async Task Work_lands_as_the_project_says_and_the_users_checkout_follows(string method, int parents)
    {
        await using var shop = await Workshop.Open(LandingShop.Adds with { Merge = "auto", More = $"land: {method}\ngates: [\"test -e new.txt\"]" });
        var old = shop.Repository.Tip("trunk");

        var run = await shop.Start(await shop.File("Add \"new\" $(touch /tmp/x)"));
        await shop.Done(run);

        var tip = shop.Repository.Tip("trunk");
        Assert.Equal(parents, shop.Repository.Run("log", "-1", "--format=%P", "trunk").Split(' ').Length);
        Assert.Equal(old.Value, shop.Repository.Run("rev-parse", "trunk^1"));
        if (method != "ff")
        {
            Assert.Equal("APP-1: Add \"new\" $(touch /tmp/x)", shop.Repository.Run("log", "-1", "--format=%s", "trunk"));
            Assert.Contains(run.Id.Value, shop.Repository.Run("log", "-1", "--format=%(trailers)", "trunk"), StringComparison.Ordinal);
        }

        Assert.Equal("new\n", shop.Repository.Read("new.txt"));
        Assert.Equal("", shop.Repository.Run("status", "--porcelain"));
        var landing = Assert.Single(shop.Landings(run));
        Assert.Equal((LandingState.Landed, tip, shop.Repository.Run("rev-parse", "trunk^{tree}")), (landing.State, landing.New, landing.Tree!.Value.Value));
        var receipt = Assert.Single(shop.Receipts(landing));
        Assert.Equal((true, (int?)0, landing.Tree!.Value, old), (receipt.Passed, receipt.ExitCode, receipt.Tree, receipt.ConfigSha));
        Assert.Equal("", shop.Branches());
        Assert.Equal("", shop.Salvaged());
        Assert.False(Directory.Exists(run.Worktree));
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(shop.Home, "gates", "app")));
    }

    [Fact]
    public async Task A_conflict_names_its_files_and_leaves_the_target_alone()
    {
        await using var shop = await Workshop.Open(new Plan("steps: [{edit: {path: a.txt, content: theirs}}, {commit: Theirs}, {say: Waiting.}]") with { Merge = "auto" });
        shop.WriteScript($"steps: [{{edit: {{path: a.txt, content: theirs}}}}, {{commit: Theirs}}, {{wait_for: \"{shop.Sign("go")}\"}}]");
        var run = await shop.Start();
        await shop.Live(run);
        shop.Repository.Write("a.txt", "mine");
        var tip = shop.Repository.Commit("Mine");
        shop.Give("go");

        await shop.Blocked(run);

        Assert.Contains("a.txt", shop.Ticket(run).Blocked!.Reason, StringComparison.Ordinal);
        Assert.Equal((tip, "mine"), (shop.Repository.Tip("trunk"), shop.Repository.Read("a.txt")));
        Assert.Equal(["a.txt"], shop.Landings(run)[0].Files);
        Assert.True(Directory.Exists(run.Worktree));
        Assert.Contains("drover run refine APP-1", shop.Why(run), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_that_moves_while_the_gates_run_is_tested_again_and_then_landed_on()
    {
        await using var shop = await Workshop.Open(LandingShop.Adds with { Merge = "auto" });
        shop.Configure(LandingShop.Adds with { Merge = "auto", More = $"gates: [{shop.UntilGo()}]" });
        var run = await shop.Start();
        await Workshop.Until(() => shop.Events(run.Ticket!.Value).Any(e => e.Type == EventTypes.GateStarted), () => shop.Describe(run));
        Assert.Contains("the gates run", shop.Why(run), StringComparison.Ordinal);

        shop.Repository.Write("mine.txt", "mine");
        var tip = shop.Repository.Commit("Mine");
        shop.Give("go");
        await shop.Done(run);

        var landings = shop.Landings(run);
        Assert.Equal([LandingState.Landed, LandingState.Raced], landings.Select(l => l.State));
        Assert.Equal(tip, landings[0].Old);
        Assert.NotEqual(landings[0].Tree, landings[1].Tree);
        Assert.True(Assert.Single(shop.Receipts(landings[0])).Passed);
        Assert.Equal(("mine", "new\n"), (shop.Repository.Read("mine.txt"), shop.Repository.Read("new.txt")));
    }

    [Fact]
    public async Task The_second_of_two_tickets_is_tested_again_on_top_of_the_first()
    {
        await using var shop = await Workshop.Open(new Plan("""
            rules:
              - when: APP-1
                steps: [{edit: {path: one.txt, content: x}}, {commit: One}]
              - when: APP-2
                steps: [{edit: {path: two.txt, content: x}}, {commit: Two}]
            """) with { Agent = "count: 2", Merge = "on-approval", More = "gates: [\"ls *.txt\"]" });
        var one = await shop.Start();
        var two = await shop.Start();
        await shop.Waits(one);
        await shop.Waits(two);

        await shop.Say(one, LandingWord.Approve);
        await shop.Done(one);
        await shop.Say(two, LandingWord.Approve);
        await shop.Done(two);

        var landings = shop.Landings(two);
        Assert.Equal([LandingState.Landed, LandingState.Raced], landings.Select(l => l.State));
        Assert.Contains("one.txt", Assert.Single(shop.Receipts(landings[0])).OutputTail, StringComparison.Ordinal);
        Assert.DoesNotContain("one.txt", Assert.Single(shop.Receipts(landings[1])).OutputTail, StringComparison.Ordinal);
        Assert.True(shop.Repository.Read("one.txt") == "x" && shop.Repository.Read("two.txt") == "x");
    }

    [Fact]
    public async Task A_branch_that_was_merged_by_hand_is_done()
    {
        await using var shop = await Workshop.Open(LandingShop.Adds with { Merge = "never" });
        var run = await shop.Start();
        await shop.Waits(run);

        shop.Repository.Run("merge", "-q", "--no-ff", "-m", "By hand", "drover/APP-1/1/work");
        var tip = shop.Repository.Tip("trunk");
        await shop.Done(run);

        Assert.Equal(tip, shop.Repository.Tip("trunk"));
        var landing = shop.Landings(run)[0];
        Assert.Equal((LandingState.Landed, tip, shop.Repository.Run("rev-parse", "trunk^{tree}")), (landing.State, landing.New, landing.Tree?.Value));
        Assert.Equal("", shop.Branches());
    }

    [Fact]
    public async Task Local_edits_in_the_way_are_named_and_the_work_lands_by_itself_when_they_are_gone()
    {
        await using var shop = await Workshop.Open(new Plan("steps: [{edit: {path: a.txt, content: theirs}}, {commit: Theirs}]") with { Merge = "never" });
        var run = await shop.Start();
        await shop.Waits(run);
        var (old, kept) = (shop.Repository.Tip("trunk"), shop.Repository.Read("a.txt"));
        shop.Repository.Write("a.txt", "being edited");

        await shop.Say(run, LandingWord.Merge);
        await Workshop.Until(() => shop.Events(run.Ticket!.Value).Any(e => e.Type == EventTypes.CheckoutWaits), () => shop.Describe(run));

        Assert.Contains("a.txt", shop.Why(run), StringComparison.Ordinal);
        Assert.Equal((old, "being edited"), (shop.Repository.Tip("trunk"), shop.Repository.Read("a.txt")));

        shop.Repository.Write("a.txt", kept);
        await shop.Done(run);
        Assert.Equal("theirs", shop.Repository.Read("a.txt"));
    }

    [Fact]
    public async Task A_repository_that_is_gone_blocks_its_tickets_and_says_so()
    {
        await using var shop = await Workshop.Open(LandingShop.Adds with { Merge = "never" });
        var run = await shop.Start();
        await shop.Waits(run);

        await shop.Restart(() => Directory.Move(shop.Repository.Clone, shop.Repository.Clone + " away"));
        await shop.Blocked(run);

        Assert.Contains("cannot be opened", shop.Why(run), StringComparison.Ordinal);
        Assert.Equal("unusable_repository", (await Assert.ThrowsAsync<Refusal>(() => shop.Start())).Kind.Code);
        Directory.Move(shop.Repository.Clone + " away", shop.Repository.Clone);
    }
}
