using Xunit;

namespace Drover.EndToEnd.Killing;

/// <summary>The same with the real Claude Code, whose model is the rehearsal's.</summary>
public sealed class RealClaudeKillTests
{
    private static readonly IReadOnlyList<int> s_seeds = [.. Seeds.Chosen(5)];
    private static readonly Together<int> s_together = new(s_seeds, seed => RandomKills.Survive(seed, nameof(RealClaudeKillTests), () => new ClaudeCrew()));

    public static TheoryData<int> Cases => [.. s_seeds];

    [Theory]
    [MemberData(nameof(Cases))]
    public Task The_real_Claude_Code_brings_everything_to_its_end_however_often_the_server_is_killed(int seed) => s_together.Of(seed);
}
