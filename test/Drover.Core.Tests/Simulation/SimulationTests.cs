using System.Globalization;
using Xunit;

namespace Drover.Core.Tests.Simulation;

/// <summary>Thousands of nights. <c>DROVER_SEED=N</c> repeats one and prints it.</summary>
public sealed class SimulationTests
{
    private const int MostSteps = 20_000;

    [Fact]
    public void Whatever_happens_the_rules_hold_and_in_the_end_every_ticket_is_over_or_explains_itself()
    {
        var one = Environment.GetEnvironmentVariable("DROVER_SEED");
        foreach (var seed in one is { Length: > 0 } ? [int.Parse(one, CultureInfo.InvariantCulture)] : Enumerable.Range(1, 2000))
        {
            var world = new World(seed);
            try
            {
                var steps = 0;
                while (world.Step()) Assert.True(++steps < MostSteps, "it never ends");
                Invariants.OfEnd(world);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed} (DROVER_SEED={seed} repeats it): {e.Message}\n{string.Join('\n', world.Trace.TakeLast(200))}", e);
            }
        }
    }
}
