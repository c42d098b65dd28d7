namespace Drover.Core;

/// <summary>What a model costs from a day on, in US dollars for a million tokens.</summary>
/// <param name="Model">The model's name; <c>*</c> stands for any characters.</param>
/// <param name="From">The first day, in UTC.</param>
public sealed record ModelPrice(string Model, DateOnly From, decimal Input, decimal Output, decimal CacheRead, decimal CacheWrite)
{
    public decimal Of(Tokens tokens) =>
        (tokens.Input * Input + tokens.Output * Output + tokens.CacheRead * CacheRead + tokens.CacheWrite * CacheWrite) / 1_000_000m;
}

/// <summary>The user's table of prices. There is none but theirs: prices change, and a built-in one would be wrong one day.</summary>
public sealed record PriceTable(IReadOnlyList<ModelPrice> Prices)
{
    public static readonly PriceTable Empty = new([]);

    /// <summary>Of those that name the model and hold on that day: the one that names it most closely, and of several such the newest.</summary>
    public ModelPrice? For(string model, DateTimeOffset at)
    {
        var day = DateOnly.FromDateTime(at.UtcDateTime);
        return Prices.Where(p => p.From <= day && Glob.Matches(p.Model, model)).OrderBy(p => p.Model.Count(c => c != '*')).ThenBy(p => p.From).LastOrDefault();
    }
}
