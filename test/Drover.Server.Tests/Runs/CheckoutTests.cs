using Drover.Core;
using Drover.Server.Journaling;
using Drover.Server.Runs;
using Xunit;

namespace Drover.Server.Tests.Runs;

/// <summary>The user's own checkout, given away by its user.</summary>
public sealed class CheckoutTests
{
    private static RunWish InCheckout(TicketKey key) => Workshop.Wish(key) with { NoWorktree = true };

    [Fact]
    [Trait("row", "K4")]
    [Trait("row", "K26")]
    public async Task A_run_without_worktree_works_in_the_checkout_and_nothing_of_it_is_taken_up()
    {
        await using var shop = await Workshop.Open(Plan.Of("tool: {run: pwd > where.txt}", "say: Done.") with { Merge = "auto", Sandbox = "auto" });
        var tip = shop.Repository.Tip("trunk");

        var run = await shop.Settled(await shop.Start(InCheckout(await shop.File())));

        Assert.Equal(Outcome.Succeeded, run.Ending!.Outcome);
        Assert.Equal(shop.Repository.Clone, shop.Repository.Read("where.txt").Trim());
        Assert.Null(run.Attempt);
        Assert.Null(run.Result.Head);
        Assert.Null(run.Result.Commits);
        Assert.Empty(run.Result.Dirty);
        Assert.Null(run.Result.SalvageRef);
        Assert.Equal(0, run.Progress.CommitAsks);
        Assert.Equal("?? where.txt", shop.Repository.Run("status", "--porcelain"));
        Assert.Equal(("", "", tip), (shop.Branches(), shop.Salvaged(), shop.Repository.Tip("trunk")));
        Assert.Equal(Stage.Coding, shop.Ticket(run).Stage);
        Assert.Contains("your own checkout", shop.Ticket(run).Blocked?.Reason, StringComparison.Ordinal);
        Assert.Contains(shop.Repository.Clone, shop.Order(run).Prompt, StringComparison.Ordinal);
        Assert.Empty(shop.Journal.Read(db => AttemptTable.Of(db, run.Ticket!.Value)));
    }

    [Fact]
    [Trait("row", "K4")]
    public async Task One_run_at_a_time_works_in_a_checkout()
    {
        await using var shop = await Workshop.Open(new Plan("steps: [hang]") { Agent = "count: 2" });
        var first = await shop.Start(InCheckout(await shop.File()));
        var other = await shop.File("Something else");

        var refusal = await shop.Refused(InCheckout(other));

        Assert.Equal("already_active", refusal.Kind.Code);
        Assert.Contains(first.Name.Value, refusal.Message, StringComparison.Ordinal);
        await shop.Live(first);
        await shop.Stop(first);
        Assert.Equal(RunState.Reserved, (await shop.Start(InCheckout(other))).State);
    }

    [Fact]
    [Trait("row", "K4")]
    public async Task A_bare_repository_has_no_checkout_to_work_in()
    {
        await using var shop = await Workshop.Open(Plan.Of("edit: {path: x, content: y}", "commit: X"), bare: true);
        var key = await shop.File();

        Assert.Equal("unusable_repository", (await shop.Refused(InCheckout(key))).Kind.Code);
        Assert.Equal(Outcome.Succeeded, (await shop.Settled(await shop.Start(key))).Ending!.Outcome);
    }

    [Fact]
    [Trait("row", "K4")]
    public async Task Only_a_human_gives_a_checkout_away()
    {
        await using var shop = await Workshop.Open(Plan.Of("say: Hello."));
        var key = await shop.File();
        await shop.Journal.Do(Priority.Urgent, tx => TicketTable.Move(tx, key, Stage.Backlog, Stage.Ready));

        Assert.Equal("human_only", (await shop.Refused(InCheckout(key), new(PrincipalKind.Script, "cron"))).Kind.Code);
    }
}
