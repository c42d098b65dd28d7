using Drover.Agents;
using Drover.Core;
using Drover.Node.Containing;
using Drover.Node.Keeping;
using Drover.Node.Spooling;
using Drover.Server.Host;
using Drover.Server.Journaling;
using Drover.Server.Projects;

namespace Drover.Server.Runs;

/// <summary>What all runs of this server share.</summary>
internal sealed record RunPlace
{
    public required string Home { get; init; }

    public required Journal Journal { get; init; }

    public required OpenProjects Projects { get; init; }

    public required Func<string, IAdapter?> Adapter { get; init; }

    public required RunTokens Tokens { get; init; }

    public required Jobs Jobs { get; init; }

    public required Feeds.Feed Feed { get; init; }

    public required Crash Crash { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>At most so many runs are in their start-up phase at once: a machine that starts fifty agents together starts none in time.</summary>
    public required SemaphoreSlim StartGate { get; init; }

    public required ILogger Log { get; init; }

    public string Runs => Path.Combine(Home, "runs");

    public JobDirectory Job(RunId run) => new(Runs, run);
}
