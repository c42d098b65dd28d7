namespace Drover.Bench.Measuring;

internal static class Numbers
{
    public static double Median(this IEnumerable<double> values) => values.Quantile(0.5);

    /// <summary>The nearest of the values; NaN of none.</summary>
    public static double Quantile(this IEnumerable<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : sorted[(int)Math.Min(sorted.Length - 1, Math.Floor(share * sorted.Length))];
    }
}
