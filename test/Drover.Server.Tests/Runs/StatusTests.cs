using Drover.Core;
using Drover.Server.Journaling;
using Drover.Server.Runs;
using Xunit;

namespace Drover.Server.Tests.Runs;

/// <summary>The facts behind the statuses that a run passes through while something is not as it should be.</summary>
public sealed class StatusTests
{
    [Theory]
    [InlineData("idle", "{say: Hm.}, {wait_for: SIGN}", TimeLimit.Idle)]
    [InlineData("tool", "{tool: {run: \"until test -e 'SIGN'; do sleep 0.05; done\"}}", TimeLimit.Tool)]
    public async Task A_run_is_stuck_when_half_of_a_limit_has_passed_and_works_again_with_the_next_sign(string limit, string wait, TimeLimit found)
    {
        await using var shop = await Workshop.Open(new Plan("steps: []") with { Agent = $"limits: {{{limit}: 60s}}" });
        shop.WriteScript($"steps: [{wait.Replace("SIGN", shop.Sign("go"), StringComparison.Ordinal)}, {{say: There.}}, {{wait_for: \"{shop.Sign("end")}\"}}, {{edit: {{path: a.txt, content: x}}}}, {{commit: A}}]");
        shop.Configure(new Plan("") with { Agent = $"limits: {{{limit}: 3s}}" });
        var run = await shop.Start();

        await Workshop.Until(() => Status(shop, run).Status == RunStatus.Stuck, () => shop.Describe(run));
        Assert.Equal(found, shop.Get(run).Silence!.Limit);
        shop.Give("go");
        await Workshop.Until(() => Status(shop, run).Status is RunStatus.Working or RunStatus.Idle or RunStatus.Succeeded, () => $"{Status(shop, run)} {shop.Describe(run)}");
        shop.Give("end");

        Assert.Equal(Outcome.Succeeded, (await shop.Settled(run)).Ending!.Outcome);
    }

    [Fact]
    public async Task A_process_that_cannot_be_looked_at_is_unknown_and_not_dead()
    {
        await using var shop = await Workshop.Open(new Plan("steps: []"));
        shop.WriteScript($"steps: [{{say: Hm.}}, {{wait_for: \"{shop.Sign("go")}\"}}, {{edit: {{path: a.txt, content: x}}}}, {{commit: A}}]");
        var run = await shop.Start();
        await Workshop.Until(() => shop.Has(run, EventTypes.Text), () => shop.Describe(run));
        var identity = Path.Combine(shop.Job(run).Started, "identity");

        // Where the keeper says who it is there is something that cannot be read, whoever the server runs as.
        File.Move(identity, identity + ".away");
        Directory.CreateDirectory(identity);
        await Workshop.Until(() => Status(shop, run).Status == RunStatus.Unknown, () => shop.Describe(run));
        Assert.Contains("not a death", Status(shop, run).Evidence, StringComparison.Ordinal);
        Directory.Delete(identity);
        File.Move(identity + ".away", identity);
        await Workshop.Until(() => Status(shop, run).Status == RunStatus.Working, () => shop.Describe(run));
        shop.Give("go");

        Assert.Equal(Outcome.Succeeded, (await shop.Settled(run)).Ending!.Outcome);
    }

    private static ShownStatus Status(Workshop shop, RunRow run) => shop.Journal.Read(db => RunView.Status(db, RunTable.Get(db, run.Id)!, TimeProvider.System.GetUtcNow()));
}
