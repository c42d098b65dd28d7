namespace Drover.Core;

/// <param name="Input">Without those that came from the vendor's cache or went into it.</param>
public sealed record Tokens(long Input, long Output, long CacheRead, long CacheWrite)
{
    public static readonly Tokens None = new(0, 0, 0, 0);

    public bool IsNone => this == None;
}

/// <summary>Where a cost comes from: the vendor's own figure, the table of prices (or partly so), or nowhere.</summary>
public enum CostBasis { Reported, Estimated, Unknown }

/// <summary>What something cost, in US dollars: the sum of vendors' own figures and that of estimates, each null where there is none.</summary>
/// <param name="IsPartial">Some tokens are in neither: nobody said what they cost.</param>
public sealed record Cost(decimal? Reported, decimal? Estimated, bool IsPartial)
{
    public static readonly Cost None = new(null, null, false);

    public decimal? Usd => Reported is null && Estimated is null ? null : (Reported ?? 0) + (Estimated ?? 0);

    public CostBasis Basis => Estimated is not null ? CostBasis.Estimated : Reported is not null ? CostBasis.Reported : CostBasis.Unknown;

    public static Cost operator +(Cost a, Cost b) => new(Add(a.Reported, b.Reported), Add(a.Estimated, b.Estimated), a.IsPartial || b.IsPartial);

    private static decimal? Add(decimal? a, decimal? b) => a is null && b is null ? null : (a ?? 0) + (b ?? 0);
}
