using System.Diagnostics;
using Drover.Bench.Measuring;
using Drover.Bench.Places;

namespace Drover.Bench.Benches;

/// <summary>B4: fifty runs ordered at once, until all fifty agents have read their prompts.</summary>
internal sealed class Burst : IBench
{
    private const int AgentCount = 50;

    public string Id => "B4";

    public string Name => "burst-50";

    public async Task<IReadOnlyList<Figure>> Run(Setting setting)
    {
        using var place = Place.Make(setting.Root, BenchAgents.Stub);
        using var reports = new StubReports(place);
        await using var server = await RunningServer.On(place);
        var project = server.Register(place);
        var calibrators = new Calibrators(place);
        await Start(server, [server.NewTicket(project)]);
        await Wait.Until("a first agent has its prompt", TimeSpan.FromSeconds(60), TimeSpan.FromMilliseconds(5), () => reports.Count("prompt") == 1);
        string[] tickets = [.. Enumerable.Range(0, AgentCount).Select(_ => server.NewTicket(project))];
        double[] before = [.. Enumerable.Range(0, 5).Select(_ => calibrators.WorktreeAdd())];
        var (cpu, began) = (server.Cpu(), Stopwatch.GetTimestamp());
        await Start(server, tickets);
        await Wait.Until("all agents have their prompts", TimeSpan.FromSeconds(120), TimeSpan.FromMilliseconds(5), () => reports.Count("prompt") == AgentCount + 1);
        var all = Stopwatch.GetElapsedTime(began, reports.Last("prompt")).TotalMilliseconds;
        var used = (server.Cpu() - cpu).TotalMilliseconds;
        var memory = server.Memory();
        double[] after = [.. Enumerable.Range(0, 5).Select(_ => calibrators.WorktreeAdd())];
        await server.StopRuns();
        var tree = before.Concat(after).Median();
        return
        [
            new(Id, "50 agents have their prompts", all, "ms") { Beside = new("C1", tree, all / tree), Target = 140, Peer = "symphony 220, AO 805, kanban 6500", Limit = "54" },
            new(Id, "the server's own CPU per start", used / AgentCount, "ms") { Target = 30 },
            new(Id, "server memory with 50 agents", memory, "MB") { Target = 110, Peer = "symphony 117, AO 398", Limit = "46-60" },
        ];
    }

    private static Task Start(RunningServer server, IEnumerable<string> tickets) => Task.WhenAll(tickets.Select(ticket =>
        Task.Factory.StartNew(() => server.StartRun(ticket), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
}
