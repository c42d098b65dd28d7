using System.Diagnostics;
using Drover.Bench.Measuring;
using Drover.Bench.Places;

namespace Drover.Bench.Benches;

/// <summary>B5: fifty agents, each saying twenty events per second; everything is stored, and one or ten subscribers follow.</summary>
internal sealed class Streaming : IBench
{
    private const int AgentCount = 50;

    private const int PerSecond = 20;

    public string Id => "B5";

    public string Name => "stream-50";

    public async Task<IReadOnlyList<Figure>> Run(Setting setting) =>
    [
        .. await Run(setting, subscribers: 1, mostCpu: 2.5, peer: "symphony 3.9 (stores nothing), AO 23, kanban 40"),
        .. await Run(setting, subscribers: 10, mostCpu: 6, peer: ""),
    ];

    private async Task<IReadOnlyList<Figure>> Run(Setting setting, int subscribers, double mostCpu, string peer)
    {
        var length = TimeSpan.FromSeconds(setting.Quick ? 8 : 30);
        using var place = Place.Make(setting.Root, BenchAgents.Streaming(PerSecond, length));
        await using var server = await RunningServer.On(place);
        await StreamedEvents.Wait(server, server.Register(place), AgentCount);
        var keeping = Subscriber.Keeping(server);
        for (var i = 1; i < subscribers; i++) Subscriber.Forgetting(server);
        var calibrators = new Calibrators(place);

        // A server that runs for the first time compiles its code; what it costs later is asked.
        File.WriteAllText(BenchAgents.Go(place), "");
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System);
        var (cpu, began, hellos, memory) = (server.Cpu(), Stopwatch.GetTimestamp(), new List<ChildRun>(), new List<double>());
        while (Stopwatch.GetElapsedTime(began) < length - TimeSpan.FromSeconds(5))
        {
            hellos.Add(calibrators.Hello());
            memory.Add(server.Memory());
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        }

        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var perSecond = (server.Cpu() - cpu).TotalMilliseconds / seconds;
        var expected = (long)(PerSecond * length.TotalSeconds);
        await Wait.Until("all runs have settled", TimeSpan.FromMinutes(2), TimeSpan.FromMilliseconds(200), () => server.Status().Runs.Count == 0);
        var stored = StreamedEvents.Stored(server);
        var (runs, missing, doubled) = StreamedEvents.Check(stored, expected);
        double[] toClient = [.. keeping.Heard.Select(h => (Said: StreamedEvents.Read(h.Json), h.At)).Where(h => h.Said is not null).Select(h => h.At - h.Said!.Value.At)];
        var (hello, helloCpu) = (hellos.Select(h => h.Wall.TotalMilliseconds).Median(), hellos.Select(h => h.Cpu.TotalMilliseconds).Median());
        var name = $"{subscribers} subscriber{(subscribers == 1 ? "" : "s")}";
        return
        [
            new(Id, $"{name}: server CPU per second", perSecond, "ms") { Beside = new("C2 cpu", helloCpu, perSecond / helloCpu), Target = mostCpu, Peer = peer, Limit = "1.0-1.75" },
            new(Id, $"{name}: server CPU", perSecond / 10, "% of a core"),
            new(Id, $"{name}: server memory, most", memory.Max(), "MB") { Target = 110, Peer = "symphony 117, AO 398, kanban 1047", Limit = "46-60" },
            Latency($"{name}: event to its row, p50", stored.Select(s => (double)s.StoredAt - s.At).Quantile(0.5), hello, null, ""),
            Latency($"{name}: event to its row, p99", stored.Select(s => (double)s.StoredAt - s.At).Quantile(0.99), hello, null, ""),
            Latency($"{name}: event to subscriber, p50", toClient.Quantile(0.5), hello, 1, "AO 175, symphony 0.9 (not stored)"),
            Latency($"{name}: event to subscriber, p99", toClient.Quantile(0.99), hello, 3, ""),
            new(Id, $"{name}: events missing or doubled of {expected * AgentCount}", ((AgentCount - runs) * expected) + missing + doubled, "") { Target = 0, Limit = "0" },
            new(Id, $"{name}: events that the subscriber missed", stored.Count - toClient.Length, "") { Target = 0, Limit = "0" },
        ];
    }

    private Figure Latency(string name, double value, double hello, double? target, string peer) =>
        new(Id, name, value, "ms") { Beside = new("C2", hello, value / hello), Target = target, Peer = peer };
}
