using Drover.Bench.Measuring;
using Drover.Bench.Places;

namespace Drover.Bench.Benches;

/// <summary>B8: the server's start with nothing and with a long past, and what it costs when nothing happens.</summary>
internal sealed class ServerStart : IBench
{
    public string Id => "B8";

    public string Name => "server-start";

    public async Task<IReadOnlyList<Figure>> Run(Setting setting)
    {
        using var empty = Place.Make(setting.Root, BenchAgents.Stub);
        using var full = Place.Make(setting.Root, BenchAgents.Stub);
        await using (var first = await RunningServer.On(full)) first.Register(full);
        await Past.Put(full, 1000, eventsPerRun: setting.Quick ? 100 : 1000);
        return
        [
            .. await Run(setting, empty, "empty home", 80, "symphony 7.7, AO 33, kanban 39", "symphony 86, AO 268"),
            .. await Run(setting, full, setting.Quick ? "1,000 runs, 100,000 events" : "1,000 runs, 1,000,000 events", 100, "AO 239", "AO 588"),
        ];
    }

    private async Task<IReadOnlyList<Figure>> Run(Setting setting, Place place, string name, double mostMemory, string startPeer, string memoryPeer)
    {
        var calibrators = new Calibrators(place);
        var (starts, hellos, cpus) = (new List<double>(), new List<double>(), new List<double>());
        for (var i = 0; i < setting.Samples(7); i++)
        {
            hellos.Add(calibrators.Hello().Wall.TotalMilliseconds);
            await using var server = await RunningServer.On(place);
            starts.Add(server.Start.TotalMilliseconds);
            cpus.Add(server.Cpu().TotalMilliseconds);
        }

        await using var idle = await RunningServer.On(place);
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
        idle.Status();
        var before = idle.Cpu();
        await Task.Delay(TimeSpan.FromSeconds(10), TimeProvider.System);
        return
        [
            new(Id, $"{name}: start to the first 200", starts.Median(), "ms")
            {
                Beside = new("C2", hellos.Median(), starts.Zip(hellos, (s, h) => s / h).Median()), Target = 10, Peer = startPeer, Limit = "7",
            },
            new(Id, $"{name}: CPU of the start", cpus.Median(), "ms"),
            new(Id, $"{name}: memory, idle", idle.Memory(), "MB") { Target = mostMemory, Peer = memoryPeer, Limit = "60" },
            new(Id, $"{name}: CPU, idle", (idle.Cpu() - before).TotalMilliseconds / 100, "% of a core") { Target = 1, Peer = "AO 59 with 1,000" },
        ];
    }
}
