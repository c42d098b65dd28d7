namespace Drover.Server.Config;

/// <summary>The keys of <c>$DROVER_HOME/config.yaml</c>.</summary>
internal sealed class MachineKeys(IReadOnlyList<string> adapters)
{
    private static readonly Key<int?> Runs = new("runs", new Optional<int>(Scalars.Whole(1, 10_000)), null, "two for each core, at least 4", "The most runs at the same time, over all projects.");
    private static readonly Key<int?> Starting = new("starting", new Optional<int>(Scalars.Whole(1, 1000)), null, "one for each core", "The most runs in their start-up phase at the same time.");
    private static readonly Key<string?> Homes = new("homes", Rules.Absolute!, null, "homes, below the state directory", "Where the directories of agents with `home: isolated` are.");
    private static readonly Key<int?> Port = new("port", new Optional<int>(Scalars.Whole(0, 65_535)), null, "the server's choice", "The loopback port of the page; 0 takes any free one.");
    private static readonly Key<long> DiskFloor = new("disk_floor", Measures.Size, MachineConfig.Default.DiskFloor, "1GB", "No run starts when less than this is free on the disk of the state directory.");

    private readonly Key<IReadOnlyDictionary<string, IReadOnlyList<string>>> _agents = new("agents",
        new MapOf<IReadOnlyList<string>>("adapter", Word.Of(adapters), new ListOf<string>(Scalars.Line("an argument"))), MachineConfig.Default.Agents, "found on PATH",
        "Program and leading arguments for an adapter, where the roster gives none.");

    internal Section<MachineConfig> Section => new([_agents, Runs, Starting, Homes, Port, DiskFloor, PriceKeys.Prices], e => new()
    {
        Agents = e.Get(_agents),
        Runs = e.Get(Runs),
        Starting = e.Get(Starting),
        Homes = e.Get(Homes),
        Port = e.Get(Port),
        DiskFloor = e.Get(DiskFloor),
        Prices = new(e.Get(PriceKeys.Prices)),
    });
}
