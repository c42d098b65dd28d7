using Drover.Agents;
using Drover.Core;
using Drover.Node.Containing;
using Drover.Node.Keeping;
using Drover.Node.Sandboxing;
using Drover.Server.Conformance;
using Drover.Server.Host;
using Drover.Server.Journaling;
using Drover.Server.Projects;
using Drover.Server.Rosters;

namespace Drover.Server.Runs;

/// <summary>What all runs of this server share.</summary>
internal sealed record RunPlace
{
    /// <summary>The state directory.</summary>
    public required string Home { get; init; }

    /// <summary>Below it lie the isolated homes of agents.</summary>
    public required string Homes { get; init; }

    /// <summary>Where the server listens; hidden from whatever runs in a sandbox.</summary>
    public required string SocketDirectory { get; init; }

    /// <summary>Where the server can be reached over HTTP; null when nowhere.</summary>
    public string? Url { get; set; }

    public required Journal Journal { get; init; }

    /// <summary>Tells whoever listens a piece of a text that an agent is still writing; whether it is a thought.</summary>
    public required Action<Subject, bool, string> Tell { get; init; }

    public required OpenProjects Projects { get; init; }

    public required Func<string, IAdapter?> Adapter { get; init; }

    /// <summary>What is proven of the programs that agents are started with.</summary>
    public required AgentProofs Proofs { get; init; }

    /// <summary>The adapter as far as nothing is proven against it with this program; null when there is none of that name.</summary>
    /// <param name="program">Program and leading arguments; empty: the adapter's default.</param>
    public IAdapter? Proven(string adapter, IReadOnlyList<string> program) =>
        Adapter(adapter)?.For(program) is { } declared ? ProvenAdapter.Of(declared, Proofs.Of(adapter, program).Proof) : null;

    /// <summary>Found out once, while the server opens its doors.</summary>
    public required Task<SandboxProbe> Sandbox { get; init; }

    /// <summary>What this machine has to hold a job's processes together; found out once.</summary>
    public required Task<Ladder> Ladder { get; init; }

    public required RunTokens Tokens { get; init; }

    public required Jobs Jobs { get; init; }

    public required StartGate StartGate { get; init; }

    public required Crash Crash { get; init; }

    public required TimeProvider Time { get; init; }

    public required Random Random { get; init; }

    public required ILogger Log { get; init; }

    public JobDirectory Job(RunId id) => new(Path.Combine(Home, "runs"), id);
}
