using Drover.Core;

namespace Drover.Server.Config;

/// <summary>What belongs to this machine and not to a project: <c>$DROVER_HOME/config.yaml</c>. The file may be absent.</summary>
internal sealed record MachineConfig
{
    /// <summary>Adapter name → program and leading arguments, used where the roster gives no command.</summary>
    internal required IReadOnlyDictionary<string, IReadOnlyList<string>> Agents { get; init; }

    /// <summary>The most runs at the same time over all projects; exempt roles do not count. Null: two for each core, at least four.</summary>
    internal int? Runs { get; init; }

    /// <summary>The most runs in their start-up phase at the same time. Null: one for each core.</summary>
    internal int? Starting { get; init; }

    /// <summary>The directory of isolated homes. Null: <c>homes</c> below the state directory.</summary>
    internal string? Homes { get; init; }

    /// <summary>The loopback port of the page. Null: the server's default. 0: any free one.</summary>
    internal int? Port { get; init; }

    /// <summary>Bytes that must stay free on the disk of the state directory; below it no run starts.</summary>
    internal long DiskFloor { get; init; }

    /// <summary>What models cost where their vendors do not say it.</summary>
    internal PriceTable Prices { get; init; } = PriceTable.Empty;

    internal static readonly MachineConfig Default = new()
    {
        Agents = new Dictionary<string, IReadOnlyList<string>>(),
        DiskFloor = 1_000_000_000,
    };
}
