using Xunit;

namespace Drover.EndToEnd.Killing;

/// <summary>The server dies again and again at random moments, wherever it happens to be, while scripted agents work.</summary>
public sealed class RandomKillTests
{
    private static readonly IReadOnlyList<int> s_seeds = [.. Seeds.Chosen(20)];
    private static readonly Together<int> s_together = new(s_seeds, seed => RandomKills.Survive(seed, nameof(RandomKillTests), Crew.Scripted));

    public static TheoryData<int> Cases => [.. s_seeds];

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Scripted_agents_bring_everything_to_its_end_however_often_the_server_is_killed(int seed) => s_together.Of(seed);
}
