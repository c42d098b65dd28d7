using System.Globalization;
using Drover.Core;

namespace Drover.Server.Config;

/// <summary>The table of prices.</summary>
internal static class PriceKeys
{
    private static readonly Scalar<decimal> Money = new("an amount such as `3`, `0.30`", text =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) && amount <= 1_000_000
            ? (amount, null) : (0, $"'{Problems.Cut(text, 40)}' is not an amount of US dollars; write digits and a point, such as 0.30"));

    private static readonly Scalar<DateOnly> Day = new("a day such as `2026-09-01`", text =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? (day, null) : (default, $"'{Problems.Cut(text, 40)}' is not a day; write it as 2026-09-01"));

    private static readonly Key<string> Model = new("model", Scalars.Line("a model's name", 200), "", "must be given", "The model as its vendor calls it; `*` stands for any characters.", IsRequired: true);
    private static readonly Key<DateOnly> From = new("from", Day, default, "must be given", "The first day (UTC) on which the price holds.", IsRequired: true);
    private static readonly Key<decimal> Input = new("input", Money, 0, "must be given", "US dollars for a million tokens that the model reads, without those of the cache.", IsRequired: true);
    private static readonly Key<decimal> Output = new("output", Money, 0, "must be given", "For a million tokens that it writes.", IsRequired: true);
    private static readonly Key<decimal?> CacheRead = new("cache_read", new Optional<decimal>(Money), null, "the price of input", "For a million tokens read from the vendor's cache.");
    private static readonly Key<decimal?> CacheWrite = new("cache_write", new Optional<decimal>(Money), null, "the price of input", "For a million tokens written into it.");

    internal static readonly Key<IReadOnlyList<ModelPrice>> Prices = new("prices", new ListOf<ModelPrice>(new Section<ModelPrice>(
        [Model, From, Input, Output, CacheRead, CacheWrite],
        e => new(e.Get(Model), e.Get(From), e.Get(Input), e.Get(Output), e.Get(CacheRead) ?? e.Get(Input), e.Get(CacheWrite) ?? e.Get(Input)))), [], "none",
        "What models cost, for turns whose vendor names no cost.");
}
