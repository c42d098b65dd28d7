namespace Drover.Core;

public enum Stage { Backlog, Ready, Coding, Review, Merging, Done, Cancelled }

public static class Stages
{
    public static bool IsFinal(this Stage stage) => stage switch
    {
        Stage.Done or Stage.Cancelled => true,
        Stage.Backlog or Stage.Ready or Stage.Coding or Stage.Review or Stage.Merging => false,
    };

    /// <summary>The moves a ticket may make. Drawn into docs/states.md by a test.</summary>
    public static IReadOnlyList<Stage> Next(this Stage stage) => stage switch
    {
        Stage.Backlog => [Stage.Ready, Stage.Cancelled],
        Stage.Ready => [Stage.Backlog, Stage.Coding, Stage.Cancelled],
        Stage.Coding => [Stage.Backlog, Stage.Ready, Stage.Review, Stage.Cancelled],
        Stage.Review => [Stage.Backlog, Stage.Coding, Stage.Merging, Stage.Cancelled],
        Stage.Merging => [Stage.Backlog, Stage.Coding, Stage.Review, Stage.Done, Stage.Cancelled],
        Stage.Done or Stage.Cancelled => [],
    };

    public static bool CanBecome(this Stage from, Stage to) => from.Next().Contains(to);
}
