namespace Drover.EndToEnd.Killing;

internal static class RandomKills
{
    /// <summary>One scenario under random kills, with everything that must be true afterwards. A failure says how to repeat it.</summary>
    public static async Task Survive(int seed, string test, Func<Crew> crew)
    {
        try
        {
            await using var scenario = await Scenario.Begin(crew());
            var killing = new Killer(scenario.Server, new Random(seed)).Kill();
            var aftermath = await scenario.Work();
            await killing;
            aftermath.IsWhole();
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"seed {seed} failed; repeat it with: DROVER_SEED={seed} ./dev soak {test}\n{e.Message}", e);
        }
    }
}
