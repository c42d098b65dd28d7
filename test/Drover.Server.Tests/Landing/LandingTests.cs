using Drover.Core;
using Drover.Server.Http;
using Drover.Server.Journaling;
using Drover.Server.Landing;
using Drover.Server.Tests.Git;
using Drover.Server.Tests.Runs;
using Drover.Server.Tickets;
using Xunit;

namespace Drover.Server.Tests.Landings;

public sealed class LandingTests
{
    private static readonly Plan Adds = Plan.Of("edit: {path: new.txt, content: \"new\\n\"}", "commit: Add new.txt", "say: Added.");

    [Theory]
    [InlineData("merge", 2)]
    [InlineData("squash", 1)]
    [InlineData("ff", 1)]
    public async Task Work_lands_as_the_project_says_and_the_users_checkout_follows(string method, int parents)
    {
        await using var shop = await Workshop.Open(Adds with { Merge = "auto", More = $"land: {method}\ngates: [\"test -e new.txt\"]" });
        var old = shop.Repository.Tip("trunk");

        var run = await shop.Start(await shop.File("Add \"new\" $(touch /tmp/x)"));
        await Done(shop, run);

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
        var landing = Assert.Single(Landings(shop, run));
        Assert.Equal((LandingState.Landed, tip, shop.Repository.Run("rev-parse", "trunk^{tree}")), (landing.State, landing.New, landing.Tree!.Value.Value));
        var receipt = Assert.Single(Receipts(shop, landing));
        Assert.Equal((true, (int?)0, landing.Tree!.Value, old), (receipt.Passed, receipt.ExitCode, receipt.Tree, receipt.ConfigSha));
        Assert.Equal("", shop.Branches());
        Assert.Equal("", shop.Salvaged());
        Assert.False(Directory.Exists(run.Worktree));
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(shop.Home, "gates", "app")));
    }

    [Fact]
    public async Task Never_waits_for_a_humans_merge_and_on_approval_for_a_humans_approval()
    {
        await using var shop = await Workshop.Open(Adds with { Merge = "never" });
        var run = await shop.Start();
        await Waits(shop, run);
        var old = shop.Repository.Tip("trunk");

        Assert.Contains("drover merge APP-1", Why(shop, run), StringComparison.Ordinal);
        await Say(shop, run, LandingWord.Approve);
        Assert.Equal((old, Stage.Merging), (shop.Repository.Tip("trunk"), shop.Ticket(run).Stage));

        shop.Configure(Adds with { Merge = "on-approval" });
        await Done(shop, run);
    }

    [Fact]
    public async Task An_approval_is_for_one_head_and_a_new_commit_voids_it()
    {
        await using var shop = await Workshop.Open(new Plan("steps: [{edit: {path: new.txt, content: new}}, {commit: Add}]") with { Merge = "on-approval" });
        shop.Configure(Adds with { Merge = "on-approval", More = $"gates: [{Waiting(shop)}]" });
        var run = await shop.Start();
        await Workshop.Until(() => shop.Events(run.Ticket!.Value).Any(e => e.Type == EventTypes.GateStarted), () => shop.Describe(run));
        await Say(shop, run, LandingWord.Approve);
        var old = shop.Repository.Tip("trunk");

        Sample.WriteIn(run.Worktree!, "more.txt", "more");
        var head = shop.Repository.CommitIn(run.Worktree!, "More");
        shop.Give("go");
        await Workshop.Until(() => Landings(shop, run) is [{ State: LandingState.Tested, Reason: not null } newest, ..] && newest.Head == head, () => shop.Describe(run));

        Assert.Equal(old, shop.Repository.Tip("trunk"));
        Assert.Equal([LandingState.Tested, LandingState.Abandoned], Landings(shop, run).Select(l => l.State));
        await Say(shop, run, LandingWord.Approve);
        await Done(shop, run);
        Assert.Equal("more", shop.Repository.Read("more.txt"));
    }

    [Fact]
    public async Task An_agent_neither_approves_nor_merges()
    {
        await using var shop = await Workshop.Open(Adds);
        var run = await shop.Start();
        await Waits(shop, run);

        foreach (var word in Enum.GetValues<LandingWord>())
            Assert.Equal("human_only", (await Assert.ThrowsAsync<Refusal>(() => Say(shop, run, word, new(PrincipalKind.Run, run.Id.Value)))).Kind.Code);
    }

    [Fact]
    public async Task A_branch_that_weakens_its_gate_is_judged_by_the_targets_gate()
    {
        var plan = new Plan("""
            steps:
              - edit: {path: bad.txt, content: bad}
              - tool: {run: "sed -i 's/test ! -e bad.txt/true/' drover.yaml"}
              - commit: Everything is fine
            """) with { Merge = "auto", More = "gates: [\"test ! -e bad.txt\"]" };
        await using var shop = await Workshop.Open(plan);
        var old = shop.Repository.Tip("trunk");

        var run = await shop.Start();
        await Blocked(shop, run);

        Assert.Contains("gate", shop.Ticket(run).Blocked!.Reason, StringComparison.Ordinal);
        Assert.Equal(old, shop.Repository.Tip("trunk"));
        Assert.Equal(["/bin/sh", "-c", "test ! -e bad.txt"], Assert.Single(Receipts(shop, Landings(shop, run)[0])).Command);
    }

    [Theory]
    [InlineData("drover.yaml", "tool: {run: \"echo '# mine' >> drover.yaml\"}")]
    [InlineData("ops/key", "edit: {path: ops/key, content: mine}")]
    public async Task A_change_of_what_judges_it_needs_a_human_also_when_the_gates_are_green(string file, string change)
    {
        await using var shop = await Workshop.Open(Plan.Of(change, "commit: A small thing") with { Merge = "auto", More = "protected: [ops]\ngates: [\"true\"]" });
        var old = shop.Repository.Tip("trunk");

        var run = await shop.Start();
        await Waits(shop, run);

        Assert.Contains(file, Why(shop, run), StringComparison.Ordinal);
        Assert.Contains("drover approve APP-1", Why(shop, run), StringComparison.Ordinal);
        Assert.Equal(old, shop.Repository.Tip("trunk"));
        await Say(shop, run, LandingWord.Approve);
        await Done(shop, run);
    }

    [Fact]
    public async Task A_gate_that_fails_blocks_with_the_end_of_its_output_and_a_run_mends_it()
    {
        await using var shop = await Workshop.Open(Adds with { Merge = "auto", More = "gates: [{name: test, run: \"echo checking; test -e fixed.txt || { echo it is broken >&2; exit 9; }\"}]" });
        var old = shop.Repository.Tip("trunk");
        var run = await shop.Start();
        await Blocked(shop, run);

        var shown = shop.Journal.Read(db => TicketView.Whole(db, run.Ticket!.Value, new(PriceTable.Empty), DateTimeOffset.UnixEpoch));
        var gate = Assert.Single(shown.Work!.Gates);
        Assert.Equal(("test", false, 9), (gate.Gate, gate.Passed, gate.ExitCode));
        Assert.Contains("checking\nit is broken", gate.Output, StringComparison.Ordinal);
        Assert.Equal(("failed", "APP-1/1", run.Name.Value), (shown.Work.Landing!.State, Assert.Single(shown.Work.Attempts).Id, Assert.Single(shown.Work.Runs).Name));
        Assert.Contains("drover run start APP-1", Why(shop, run), StringComparison.Ordinal);
        Assert.Equal(old, shop.Repository.Tip("trunk"));

        shop.WriteScript("steps: [{edit: {path: fixed.txt, content: x}}, {commit: Mend}]");
        var second = await shop.Start(run.Ticket!.Value);
        await Done(shop, second);
        Assert.Equal(run.Attempt, second.Attempt);
        Assert.True(File.Exists(Path.Combine(shop.Repository.Clone, "new.txt")));
    }

    [Fact]
    public async Task A_gate_sees_the_tree_that_would_land_and_nothing_else()
    {
        await using var shop = await Workshop.Open(new Plan("""
            turns:
              - - edit: {path: .gitignore, content: "*.log\n"}
                - edit: {path: new.txt, content: new}
                - commit: Add
                - edit: {path: build.log, content: x}
                - edit: {path: left.txt, content: x}
            default: [{say: No.}]
            """) with { Merge = "auto", More = "gates: [\"ls -A; git status --porcelain; git rev-parse HEAD^{tree}\"]" });

        var run = await shop.Start();
        await Done(shop, run);

        var landing = Landings(shop, run)[0];
        var output = Assert.Single(Receipts(shop, landing)).OutputTail;
        Assert.Contains("new.txt", output, StringComparison.Ordinal);
        Assert.DoesNotContain("build.log", output, StringComparison.Ordinal);
        Assert.DoesNotContain("left.txt", output, StringComparison.Ordinal);
        Assert.EndsWith(landing.Tree!.Value.Value + "\n", output, StringComparison.Ordinal);
        // What was not committed is safe.
        Assert.Contains("APP-1/1", shop.Salvaged(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gate_that_hangs_is_ended_with_all_its_children_at_its_timeout()
    {
        await using var shop = await Workshop.Open(Adds with { Merge = "auto", More = "gates: [{name: slow, run: \"echo begun; (setsid sleep 600 &); sleep 600\", timeout: 1s}]" });

        var run = await shop.Start();
        await Blocked(shop, run);

        Assert.Contains("gate `slow` took longer than", shop.Ticket(run).Blocked!.Reason, StringComparison.Ordinal);
        var receipt = Assert.Single(Receipts(shop, Landings(shop, run)[0]));
        Assert.Equal((false, (int?)null), (receipt.Passed, receipt.ExitCode));
        // A shell may add that its child was terminated.
        Assert.StartsWith("begun\n", receipt.OutputTail, StringComparison.Ordinal);
        Assert.All(shop.JobNames(), job => Assert.Empty(Workshop.Marked(job)));
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

        await Blocked(shop, run);

        Assert.Contains("a.txt", shop.Ticket(run).Blocked!.Reason, StringComparison.Ordinal);
        Assert.Equal((tip, "mine"), (shop.Repository.Tip("trunk"), shop.Repository.Read("a.txt")));
        Assert.Equal(["a.txt"], Landings(shop, run)[0].Files);
        Assert.True(Directory.Exists(run.Worktree));
        Assert.Contains("drover run start APP-1", Why(shop, run), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_that_moves_while_the_gates_run_is_tested_again_and_then_landed_on()
    {
        await using var shop = await Workshop.Open(Adds with { Merge = "auto" });
        shop.Configure(Adds with { Merge = "auto", More = $"gates: [{Waiting(shop)}]" });
        var run = await shop.Start();
        await Workshop.Until(() => shop.Events(run.Ticket!.Value).Any(e => e.Type == EventTypes.GateStarted), () => shop.Describe(run));
        Assert.Contains("the gates run", Why(shop, run), StringComparison.Ordinal);

        shop.Repository.Write("mine.txt", "mine");
        var tip = shop.Repository.Commit("Mine");
        shop.Give("go");
        await Done(shop, run);

        var landings = Landings(shop, run);
        Assert.Equal([LandingState.Landed, LandingState.Raced], landings.Select(l => l.State));
        Assert.Equal(tip, landings[0].Old);
        Assert.NotEqual(landings[0].Tree, landings[1].Tree);
        Assert.True(Assert.Single(Receipts(shop, landings[0])).Passed);
        Assert.Equal(("mine", "new\n"), (shop.Repository.Read("mine.txt"), shop.Repository.Read("new.txt")));
    }

    [Fact]
    public async Task A_branch_that_was_merged_by_hand_is_done()
    {
        await using var shop = await Workshop.Open(Adds with { Merge = "never" });
        var run = await shop.Start();
        await Waits(shop, run);

        shop.Repository.Run("merge", "-q", "--no-ff", "-m", "By hand", "drover/APP-1/1/work");
        var tip = shop.Repository.Tip("trunk");
        await Done(shop, run);

        Assert.Equal(tip, shop.Repository.Tip("trunk"));
        var landing = Landings(shop, run)[0];
        Assert.Equal((LandingState.Landed, tip, shop.Repository.Run("rev-parse", "trunk^{tree}")), (landing.State, landing.New, landing.Tree?.Value));
        Assert.Equal("", shop.Branches());
    }

    [Fact]
    public async Task Local_edits_in_the_way_are_named_and_the_work_lands_by_itself_when_they_are_gone()
    {
        await using var shop = await Workshop.Open(new Plan("steps: [{edit: {path: a.txt, content: theirs}}, {commit: Theirs}]") with { Merge = "never" });
        var run = await shop.Start();
        await Waits(shop, run);
        var (old, kept) = (shop.Repository.Tip("trunk"), shop.Repository.Read("a.txt"));
        shop.Repository.Write("a.txt", "being edited");

        await Say(shop, run, LandingWord.Merge);
        await Workshop.Until(() => shop.Events(run.Ticket!.Value).Any(e => e.Type == EventTypes.CheckoutWaits), () => shop.Describe(run));

        Assert.Contains("a.txt", Why(shop, run), StringComparison.Ordinal);
        Assert.Equal((old, "being edited"), (shop.Repository.Tip("trunk"), shop.Repository.Read("a.txt")));

        shop.Repository.Write("a.txt", kept);
        await Done(shop, run);
        Assert.Equal("theirs", shop.Repository.Read("a.txt"));
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
        await Waits(shop, one);
        await Waits(shop, two);

        await Say(shop, one, LandingWord.Approve);
        await Done(shop, one);
        await Say(shop, two, LandingWord.Approve);
        await Done(shop, two);

        var landings = Landings(shop, two);
        Assert.Equal([LandingState.Landed, LandingState.Raced], landings.Select(l => l.State));
        Assert.Contains("one.txt", Assert.Single(Receipts(shop, landings[0])).OutputTail, StringComparison.Ordinal);
        Assert.DoesNotContain("one.txt", Assert.Single(Receipts(shop, landings[1])).OutputTail, StringComparison.Ordinal);
        Assert.True(shop.Repository.Read("one.txt") == "x" && shop.Repository.Read("two.txt") == "x");
    }

    [Fact]
    public async Task A_held_ticket_does_not_land_until_it_is_released()
    {
        await using var shop = await Workshop.Open(Adds with { Merge = "on-approval" });
        var run = await shop.Start();
        await Waits(shop, run);
        await shop.Journal.Do(Priority.Urgent, tx => TicketCommands.Hold(tx, run.Ticket!.Value, "not today", Workshop.Ann));

        Assert.Equal("held", (await Assert.ThrowsAsync<Refusal>(() => Say(shop, run, LandingWord.Approve))).Kind.Code);
        Assert.Contains("not today", Why(shop, run), StringComparison.Ordinal);

        await shop.Journal.Do(Priority.Urgent, tx => TicketCommands.Release(tx, run.Ticket!.Value, Workshop.Ann));
        await Say(shop, run, LandingWord.Approve);
        await Done(shop, run);
    }

    [Fact]
    public async Task What_waits_for_a_human_can_be_worked_on_again_and_lands_anew()
    {
        await using var shop = await Workshop.Open(Adds with { Merge = "never" });
        var run = await shop.Start();
        await Waits(shop, run);

        shop.WriteScript("steps: [{edit: {path: more.txt, content: x}}, {commit: More}]");
        var second = await shop.Settled(await shop.Start(run.Ticket!.Value));
        await Workshop.Until(() => Landings(shop, run) is [{ State: LandingState.Tested, Reason: not null } newest, ..] && newest.Head == second.Result.Head, () => shop.Describe(run));

        Assert.Equal(run.Attempt, second.Attempt);
        await Say(shop, second, LandingWord.Merge);
        await Done(shop, second);
        Assert.Equal("x", shop.Repository.Read("more.txt"));
    }

    [Fact]
    public async Task A_repository_that_is_gone_blocks_its_tickets_and_says_so()
    {
        await using var shop = await Workshop.Open(Adds with { Merge = "never" });
        var run = await shop.Start();
        await Waits(shop, run);

        await shop.Restart(() => Directory.Move(shop.Repository.Clone, shop.Repository.Clone + " away"));
        await Blocked(shop, run);

        Assert.Contains("cannot be opened", Why(shop, run), StringComparison.Ordinal);
        Assert.Equal("unusable_repository", (await Assert.ThrowsAsync<Refusal>(() => shop.Start())).Kind.Code);
        Directory.Move(shop.Repository.Clone + " away", shop.Repository.Clone);
    }

    private static string Waiting(Workshop shop) => $"[/bin/sh, -c, 'until test -e \"$0\"; do sleep 0.05; done', \"{shop.Sign("go")}\"]";

    private static IReadOnlyList<LandingRow> Landings(Workshop shop, RunRow run) => shop.Journal.Read(db => LandingTable.Of(db, run.Ticket!.Value));

    private static IReadOnlyList<ReceiptRow> Receipts(Workshop shop, LandingRow landing) => shop.Journal.Read(db => ReceiptTable.Of(db, landing.Project, landing.Tree!.Value));

    private static string Why(Workshop shop, RunRow run) => shop.Journal.Read(db => TicketView.Why(db, run.Ticket!.Value, DateTimeOffset.UnixEpoch)).Text;

    private static async Task Say(Workshop shop, RunRow run, LandingWord word, Principal? who = null)
    {
        CommitSha head = shop.Repository.Tip(run.Attempt!.Value.Branch.Value);
        await shop.Journal.Do(Priority.Urgent, tx =>
        {
            LandingCommands.Say(tx, run.Ticket!.Value, head, word, who ?? Workshop.Ann);
        });
    }

    private static Task Done(Workshop shop, RunRow run) => Workshop.Until(
        () => shop.Ticket(run).Stage == Stage.Done && shop.Attempt(run).WorktreeState == WorktreeState.Removed, () => shop.Describe(run));

    private static Task Blocked(Workshop shop, RunRow run) => Workshop.Until(() => shop.Ticket(run).Blocked is not null, () => shop.Describe(run));

    private static Task Waits(Workshop shop, RunRow run) => Workshop.Until(
        () => Landings(shop, run) is [{ State: LandingState.Tested, Reason: not null }, ..], () => shop.Describe(run));
}
