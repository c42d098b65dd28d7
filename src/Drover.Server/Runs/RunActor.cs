using Drover.Core;

namespace Drover.Server.Runs;

/// <summary>Who acts in the name of a run's loop, and in the name of its agent.</summary>
internal static class RunActor
{
    public static readonly Principal Loop = Principal.Server("runs");

    public static Principal AgentOf(RunId run) => new(PrincipalKind.Run, run.Value);
}
