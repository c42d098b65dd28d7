namespace Drover.Core;

/// <summary>What a turn used, as it is stored.</summary>
/// <param name="Model">Null when the vendor never named it.</param>
/// <param name="Reported">The vendor's own figure in US dollars; null without one.</param>
public sealed record TurnUse(string? Model, DateTimeOffset At, Tokens Tokens, decimal? Reported);

/// <summary>Says what turns cost. A turn is counted once: by the vendor's figure, else by the table, else not at all.</summary>
public static class CostRules
{
    public static Cost Of(TurnUse turn, PriceTable prices)
    {
        // A vendor that does not know its model's price reports nothing at all for it: then a price in the table says more.
        if (turn.Reported is > 0) return new(turn.Reported, null, false);
        if (!turn.Tokens.IsNone && turn.Model is { } model && prices.For(model, turn.At) is { } price) return new(null, price.Of(turn.Tokens), false);
        return new(turn.Reported, null, turn.Reported is null && !turn.Tokens.IsNone);
    }

    public static Cost Of(IEnumerable<TurnUse> turns, PriceTable prices) => turns.Aggregate(Cost.None, (sum, turn) => sum + Of(turn, prices));
}
