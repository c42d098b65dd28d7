using Drover.Core;
using Xunit;

namespace Drover.EndToEnd.Killing;

/// <summary>The server dies at each of its crash points, between an intent and its fact, and is started again.</summary>
public sealed class CrashPointTests
{
    /// <summary>Points that the second or a later passage finds in another situation: other agents at work, another protocol, a later turn.</summary>
    private static readonly string[] s_later =
    [
        "KeeperLaunched:3", "FramesStored:4", "FramesHalfWritten:5", "FramesWritten:7", "OutputRead:4", "OutputRead:12", "FinishIntended:3", "ProcessGone:2",
        "RunSettled:3", "CandidateMade:2", "GatesRun:3", "TargetMoved:3", "LandingStored:3", "WorktreeRemoved:2",
    ];

    /// <summary>Points that this crew never passes; <see cref="ApprovalKillTests"/> kills there.</summary>
    private static readonly string[] s_elsewhere = [nameof(CrashPoint.AnswerRecorded)];

    private static readonly Lazy<Task<(string Tree, string Commits)>> s_undisturbed = new(Undisturbed);
    private static readonly Together<string> s_together = new(Points.Select(p => p.Data), Die);

    /// <summary>All of them, or those that <c>DROVER_POINTS</c> names, to repeat a failure.</summary>
    public static TheoryData<string> Points =>
        Environment.GetEnvironmentVariable("DROVER_POINTS") is { Length: > 0 } chosen ? [.. chosen.Split(',')] : [.. Enum.GetNames<CrashPoint>().Except([.. s_elsewhere, .. WaitAndResumeTests.Points]), .. s_later];

    [Theory]
    [MemberData(nameof(Points))]
    public Task A_server_that_dies_there_and_is_started_again_comes_to_the_same_end(string point) => s_together.Of(point);

    private static async Task Die(string point)
    {
        await using var scenario = await Scenario.Begin(Crew.Scripted(), point);

        var aftermath = await scenario.Work();

        Assert.Equal(1, scenario.Server.Deaths);
        aftermath.IsWhole();
        Assert.Equal(await s_undisturbed.Value, aftermath.Main);
    }

    private static async Task<(string Tree, string Commits)> Undisturbed()
    {
        await using var scenario = await Scenario.Begin(Crew.Scripted());
        var aftermath = await scenario.Work();
        aftermath.IsWhole();
        return aftermath.Main;
    }
}
