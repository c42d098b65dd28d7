using Xunit;

namespace Drover.Core.Tests.Costs;

public sealed class CostRulesTests
{
    private static readonly DateTimeOffset s_october = new(2026, 10, 5, 12, 0, 0, TimeSpan.Zero);
    private static readonly Tokens s_some = new(1_000_000, 100_000, 2_000_000, 400_000);
    private static readonly ModelPrice s_price = new("big-*", new(2026, 9, 1), 3m, 15m, 0.30m, 3.75m);

    [Fact]
    public void A_turn_whose_vendor_names_no_cost_is_estimated_by_the_table()
    {
        var cost = Of(new("big-1", s_october, s_some, null), s_price);

        Assert.Equal((null, 3m + 1.5m + 0.6m + 1.5m, CostBasis.Estimated, false), (cost.Reported, cost.Usd, cost.Basis, cost.IsPartial));
    }

    [Fact]
    public void A_turn_with_the_vendors_own_figure_is_never_estimated_too()
    {
        var cost = Of(new("big-1", s_october, s_some, 0.07m), s_price);

        Assert.Equal((0.07m, null, 0.07m, CostBasis.Reported), (cost.Reported, cost.Estimated, cost.Usd, cost.Basis));
    }

    [Fact]
    public void A_vendors_nothing_counts_only_where_the_table_knows_no_better()
    {
        Assert.Equal(6.6m, Of(new("big-1", s_october, s_some, 0m), s_price).Estimated);
        Assert.Equal((0m, CostBasis.Reported), Of(new("small", s_october, s_some, 0m), s_price) is var c ? (c.Usd, c.Basis) : default);
    }

    [Theory]
    [InlineData(null, 10)]
    [InlineData("small", 10)]
    [InlineData("big-1", 8)]
    public void Tokens_without_a_price_on_that_day_have_no_known_cost(string? model, int month)
    {
        var cost = Of(new(model, new DateTimeOffset(2026, month, 5, 0, 0, 0, TimeSpan.Zero), s_some, null), s_price);

        Assert.Equal((null, CostBasis.Unknown, true), (cost.Usd, cost.Basis, cost.IsPartial));
    }

    [Fact]
    public void A_turn_that_used_nothing_costs_nothing_and_leaves_nothing_open() =>
        Assert.Equal(Cost.None, Of(new("big-1", s_october, Tokens.None, null), s_price));

    [Fact]
    public void Of_several_prices_the_closest_name_counts_and_then_the_newest_that_has_come()
    {
        ModelPrice[] prices =
        [
            s_price with { Model = "*", From = new(2026, 9, 30), Input = 1 },
            s_price with { Input = 2 },
            s_price with { From = new(2026, 10, 1), Input = 3 },
            s_price with { From = new(2026, 10, 6), Input = 4 },
            s_price with { Model = "big-1-mini", Input = 5 },
        ];
        decimal? Input(string model, DateTimeOffset at) => new PriceTable(prices).For(model, at)?.Input;

        Assert.Equal((3m, 5m, 1m), (Input("big-1", s_october), Input("big-1-mini", s_october), Input("other", s_october)));
        Assert.Equal((2m, 4m, null), (Input("big-1", s_october.AddDays(-5)), Input("big-1", s_october.AddDays(1)), Input("other", s_october.AddDays(-6))));
    }

    [Fact]
    public void A_sum_keeps_reported_and_estimated_apart_and_says_when_something_is_missing()
    {
        var sum = CostRules.Of(
            [new("big-1", s_october, s_some, 0.07m), new("big-1", s_october, s_some, null), new("small", s_october, s_some, null)], new([s_price]));

        Assert.Equal((0.07m, 6.6m, 6.67m, CostBasis.Estimated, true), (sum.Reported, sum.Estimated, sum.Usd, sum.Basis, sum.IsPartial));
    }

    [Fact]
    public void Small_amounts_are_exact()
    {
        var turns = Enumerable.Repeat(new TurnUse("big-1", s_october, new(1, 0, 0, 0), null), 1000);

        Assert.Equal(0.003m, CostRules.Of(turns, new([s_price])).Usd);
    }

    private static Cost Of(TurnUse turn, params ModelPrice[] prices) => CostRules.Of(turn, new(prices));
}
