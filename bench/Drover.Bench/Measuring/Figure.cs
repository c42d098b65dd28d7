namespace Drover.Bench.Measuring;

/// <summary>One line of the report.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">As measured, in <paramref name="Unit"/>.</param>
internal sealed record Figure(string Bench, string Name, double Value, string Unit)
{
    /// <summary>What the same machine needed for something well known in the same seconds; null when the value stands for itself.</summary>
    public Beside? Beside { get; init; }

    /// <summary>The most that passes: in units of the calibrator, or in the figure's own unit without one; null when nothing is asked.</summary>
    public double? Target { get; init; }

    /// <summary>What the best other program needs, and what nothing can undercut, in the same terms as the target.</summary>
    public string Peer { get; init; } = "";

    public string Limit { get; init; } = "";

    public double Judged => Beside?.Ratio ?? Value;

    public bool? Passes => Target is { } target ? Judged <= target : null;
}

/// <param name="Ratio">The median of the ratios of the pairs measured side by side, or the ratio of the medians where one figure stands for many samples.</param>
/// <param name="Milliseconds">The calibrator's median.</param>
internal readonly record struct Beside(string Calibrator, double Milliseconds, double Ratio);
