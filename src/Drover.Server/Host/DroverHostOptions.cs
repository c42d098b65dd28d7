using Drover.Agents;
using Drover.Api;
using Drover.Server.Config;

namespace Drover.Server.Host;

internal sealed record DroverHostOptions
{
    public required DroverHome Home { get; init; }

    /// <summary>The loopback port; null for the one of last time if it is free, else any.</summary>
    public required int? Port { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>For many threads: a <see cref="LockedRandom"/>.</summary>
    public required Random Random { get; init; }

    /// <summary>The driver of a vendor's protocol by its name; null when there is none of that name.</summary>
    public Func<string, IAdapter?> Adapter { get; init; } = Adapters.Find;

    public MachineConfig Machine { get; init; } = MachineConfig.Default;
}
