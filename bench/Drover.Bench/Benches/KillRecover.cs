using Drover.Bench.Measuring;
using Drover.Bench.Places;

namespace Drover.Bench.Benches;

/// <summary>B7: the server is killed with SIGKILL three times while fifty agents stream. What is lost, and when is the list there again?</summary>
internal sealed class KillRecover : IBench
{
    private const int AgentCount = 50;

    private const int PerSecond = 20;

    public string Id => "B7";

    public string Name => "kill-recover";

    public async Task<IReadOnlyList<Figure>> Run(Setting setting)
    {
        var length = TimeSpan.FromSeconds(20);
        using var place = Place.Make(setting.Root, BenchAgents.Streaming(PerSecond, length));
        var calibrators = new Calibrators(place);
        var server = await RunningServer.On(place);
        try
        {
            await StreamedEvents.Wait(server, server.Register(place), AgentCount);
            File.WriteAllText(BenchAgents.Go(place), "");
            var (hellos, lists, alive) = (new List<double>(), new List<double>(), AgentCount);
            for (var i = 0; i < 3; i++)
            {
                await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
                hellos.Add(calibrators.Hello().Wall.TotalMilliseconds);
                await server.Kill();
                alive = Math.Min(alive, AgentProcesses());
                server = await RunningServer.On(place);
                lists.Add((server.Start + await Wait.Until("the list is full", TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(1),
                    () => server.Status().Runs.Count == AgentCount)).TotalMilliseconds);
                hellos.Add(calibrators.Hello().Wall.TotalMilliseconds);
            }

            await Wait.Until("all runs have settled", TimeSpan.FromMinutes(2), TimeSpan.FromMilliseconds(200), () => server.Status().Runs.Count == 0);
            var (runs, missing, doubled) = StreamedEvents.Check(StreamedEvents.Stored(server), (long)(PerSecond * length.TotalSeconds));
            var (hello, list) = (hellos.Median(), lists.Median());
            return
            [
                new(Id, "agents lost", AgentCount - Math.Min(alive, runs), "") { Target = 0, Peer = "AO 0, others 50", Limit = "0" },
                new(Id, $"events missing of {AgentCount * PerSecond * length.TotalSeconds:0}", missing, "") { Target = 0, Peer = "AO does not count", Limit = "0" },
                new(Id, "events doubled", doubled, "") { Target = 0, Limit = "0" },
                new(Id, "start of the server to the full list", list, "ms") { Beside = new("C2", hello, list / hello), Target = 25, Peer = "AO 163", Limit = "7" },
            ];
        }
        finally
        {
            await server.DisposeAsync();
        }

        int AgentProcesses() => Directory.EnumerateDirectories("/proc").Count(d => int.TryParse(Path.GetFileName(d), out _) && IsAgent(d));

        bool IsAgent(string process)
        {
            try
            {
                // Its program, and not a shell or a sandbox that has it among its arguments.
                return File.ReadAllText(Path.Combine(process, "cmdline")) is var line && line.StartsWith(Programs.Rehearsal + "\0", StringComparison.Ordinal)
                    && line.Contains(place.Shared, StringComparison.Ordinal);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }
}
