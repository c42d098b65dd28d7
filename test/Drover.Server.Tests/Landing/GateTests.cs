using Drover.Core;
using Drover.Server.Journaling;
using Drover.Server.Runs;
using Drover.Server.Tests.Runs;
using Drover.Server.Tickets;
using Xunit;

namespace Drover.Server.Tests.Landings;

public sealed class GateTests
{
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
        await shop.Blocked(run);

        Assert.Contains("gate", shop.Ticket(run).Blocked!.Reason, StringComparison.Ordinal);
        Assert.Equal(old, shop.Repository.Tip("trunk"));
        Assert.Equal(["/bin/sh", "-c", "test ! -e bad.txt"], Assert.Single(shop.Receipts(shop.Landings(run)[0])).Command);
    }

    [Fact]
    public async Task A_gate_that_fails_blocks_with_the_end_of_its_output_and_a_run_mends_it()
    {
        await using var shop = await Workshop.Open(LandingShop.Adds with { Merge = "auto", More = "gates: [{name: test, run: \"echo checking; test -e fixed.txt || { echo it is broken >&2; exit 9; }\"}]" });
        var old = shop.Repository.Tip("trunk");
        var run = await shop.Start();
        await shop.Blocked(run);

        var shown = shop.Journal.Read(db => TicketView.Whole(db, run.Ticket!.Value, new(PriceTable.Empty), DateTimeOffset.UnixEpoch));
        var gate = Assert.Single(shown.Work!.Gates);
        Assert.Equal(("test", false, 9), (gate.Gate, gate.Passed, gate.ExitCode));
        Assert.Contains("checking\nit is broken", gate.Output, StringComparison.Ordinal);
        Assert.Equal(("failed", "APP-1/1", run.Name.Value), (shown.Work.Landing!.State, Assert.Single(shown.Work.Attempts).Id, Assert.Single(shown.Work.Runs).Name));
        Assert.Contains("drover run refine APP-1", shop.Why(run), StringComparison.Ordinal);
        Assert.Equal(old, shop.Repository.Tip("trunk"));

        shop.WriteScript("turns: [[{say: Begun.}], [{edit: {path: fixed.txt, content: x}}, {commit: Mend}]]");
        var second = await shop.Continue(run, Continuation.Resume);
        await shop.Done(second);
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
        await shop.Done(run);

        var landing = shop.Landings(run)[0];
        var output = Assert.Single(shop.Receipts(landing)).OutputTail;
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
        await using var shop = await Workshop.Open(LandingShop.Adds with { Merge = "auto", More = "gates: [{name: slow, run: \"echo begun; (setsid sleep 600 &); sleep 600\", timeout: 1s}]" });

        var run = await shop.Start();
        await shop.Blocked(run);

        Assert.Contains("gate `slow` took longer than", shop.Ticket(run).Blocked!.Reason, StringComparison.Ordinal);
        var receipt = Assert.Single(shop.Receipts(shop.Landings(run)[0]));
        Assert.Equal((false, (int?)null), (receipt.Passed, receipt.ExitCode));
        // A shell may add that its child was terminated.
        Assert.StartsWith("begun\n", receipt.OutputTail, StringComparison.Ordinal);
        Assert.All(shop.JobNames(), job => Assert.Empty(Workshop.Marked(job)));
    }
}
