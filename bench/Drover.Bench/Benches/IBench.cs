using Drover.Bench.Measuring;
using Drover.Bench.Places;

namespace Drover.Bench.Benches;

/// <param name="Root">Where places are made.</param>
/// <param name="Quick">Fewer samples and shorter streams, to see whether it works.</param>
internal sealed record Setting(string Root, bool Quick)
{
    public int Samples(int many) => Quick ? Math.Max(2, many / 5) : many;
}

internal interface IBench
{
    string Id { get; }

    string Name { get; }

    Task<IReadOnlyList<Figure>> Run(Setting setting);
}
