using Drover.Core;
using Drover.Server.Config;
using Drover.Server.Journaling;
using Drover.Server.Runs;
using Drover.Server.Tickets;
using Xunit;

namespace Drover.Server.Tests.Runs;

/// <summary>What runs used and cost, as run, ticket and list show it.</summary>
public sealed class UsageTests
{
    private static readonly UsageView s_priced = new(new([new("m", new(2020, 1, 1), 3m, 15m, 0.30m, 3.75m)]));

    [Fact]
    public async Task Each_turn_is_counted_once_by_the_vendors_figure_or_by_the_table_and_the_ticket_has_the_sum()
    {
        // Two turns: the first with a figure of the vendor (of the process, cumulative), the second without.
        await using var shop = await Workshop.Open(Plan.Shell("""
            git commit -q --allow-empty -m A
            echo '{"type":"result","subtype":"success","is_error":false,"result":"One.","stop_reason":"end_turn","total_cost_usd":0.07,"usage":{"input_tokens":1000,"output_tokens":200,"cache_read_input_tokens":3000,"cache_creation_input_tokens":400},"terminal_reason":"completed"}'
            read -r prompt
            uuid=$(printf %s "$prompt" | sed 's/.*"uuid":"\([^"]*\)".*/\1/')
            echo "{\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":\"x\"},\"uuid\":\"$uuid\",\"isReplay\":true}"
            echo '{"type":"result","subtype":"success","is_error":false,"result":"Two.","stop_reason":"end_turn","usage":{"input_tokens":1000000,"output_tokens":100000,"cache_read_input_tokens":2000000,"cache_creation_input_tokens":400000},"terminal_reason":"completed"}'
            read -r more
            """));
        var run = await shop.Start();
        await shop.Say(run, "More, please.", SteerMode.Next);
        run = await shop.Settled(run);

        var shown = shop.Journal.Read(db => RunView.Whole(db, run, s_priced, TimeProvider.System.GetUtcNow()));
        Assert.Equal([(0.07m, "reported"), (6.6m, "estimated")], shown.Turns!.Select(t => (t.Usage.Usd!.Value, t.Usage.Basis)));
        Assert.Equal((1_001_000, 100_200, 2_003_000, 400_400), (shown.Usage.Input, shown.Usage.Output, shown.Usage.CacheRead, shown.Usage.CacheWrite));
        Assert.Equal((6.67m, "estimated", 0.07m, 6.6m, false), (shown.Usage.Usd, shown.Usage.Basis, shown.Usage.Reported, shown.Usage.Estimated, shown.Usage.Partial));
        var ticket = shop.Journal.Read(db => TicketView.Whole(db, run.Ticket!.Value, s_priced, TimeProvider.System.GetUtcNow()));
        Assert.Equal(shown.Usage, ticket.Work!.Usage);
        Assert.Equal(shown.Usage, ticket.Work.Runs[0].Usage);

        var unpriced = shop.Journal.Read(db => RunView.Brief(db, run, new(PriceTable.Empty), TimeProvider.System.GetUtcNow())).Usage;
        Assert.Equal((0.07m, "reported", true), (unpriced.Usd, unpriced.Basis, unpriced.Partial));
    }

    [Fact]
    public async Task What_a_ticket_cost_is_the_sum_of_its_runs_and_outlives_the_server()
    {
        await using var shop = await Workshop.Open(new Plan("steps: [{usage: {input: 1000, output: 100}}, {say: Nothing to do.}]") with { Agent = "model: m" });
        var first = await shop.Settled(await shop.Start());
        var second = await shop.Settled(await shop.Start(first.Ticket!.Value));

        await shop.Restart();
        var work = shop.Journal.Read(db => TicketView.Whole(db, first.Ticket!.Value, s_priced, TimeProvider.System.GetUtcNow())).Work!;

        Assert.Equal(first.Usage.Input + second.Usage.Input, work.Usage.Input);
        Assert.True(first.Usage.Input > 0 && second.Usage.Input > 0);
        Assert.Equal(work.Runs.Sum(r => r.Usage.Usd), work.Usage.Usd);
        Assert.False(work.Usage.Partial);
    }

    [Theory]
    [InlineData("{ model: m, from: 2026-9-1, input: 3, output: 15 }", "prices[0].from: '2026-9-1' is not a day")]
    [InlineData("{ model: m, from: 2026-09-01, input: -3, output: 15 }", "prices[0].input: '-3' is not an amount")]
    [InlineData("{ model: m, from: 2026-09-01, input: 1e3, output: 15 }", "prices[0].input: '1e3' is not an amount")]
    [InlineData("{ model: m, from: 2026-09-01, input: 3 }", "the key 'output' is missing")]
    public void A_price_that_cannot_be_meant_is_refused_where_it_stands(string price, string complaint) =>
        Assert.Contains(ConfigFile.ReadMachine(System.Text.Encoding.UTF8.GetBytes($"prices:\n  - {price}\n"), "config.yaml", ["claude"]).Problems, p => p.ToString().Contains(complaint, StringComparison.Ordinal));

    [Fact]
    public void Prices_are_read_as_they_are_written_and_the_cache_costs_as_much_as_input_where_nothing_is_said()
    {
        var read = ConfigFile.ReadMachine("""
            prices:
              - { model: "claude-sonnet-*", from: 2026-09-01, input: 3, output: 15, cache_read: 0.30, cache_write: 3.75 }
              - { model: other, from: 2026-01-01, input: 0.000001, output: 2 }
            """u8, "config.yaml", ["claude"]).Value!;

        Assert.Equal(
            [new("claude-sonnet-*", new(2026, 9, 1), 3m, 15m, 0.30m, 3.75m), new("other", new(2026, 1, 1), 0.000001m, 2m, 0.000001m, 0.000001m)], read.Prices.Prices);
    }
}
