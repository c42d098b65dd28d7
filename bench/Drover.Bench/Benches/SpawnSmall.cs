using System.Diagnostics;
using Drover.Bench.Measuring;
using Drover.Bench.Places;

namespace Drover.Bench.Benches;

/// <summary>B2: from the order to a running agent, and until it has read its prompt; a worktree of 100 files is made on the way.</summary>
internal sealed class SpawnSmall : IBench
{
    public string Id => "B2";

    public string Name => "spawn-small";

    public async Task<IReadOnlyList<Figure>> Run(Setting setting)
    {
        using var place = Place.Make(setting.Root, BenchAgents.Stub);
        using var reports = new StubReports(place);
        await using var server = await RunningServer.On(place);
        var project = server.Register(place);
        var calibrators = new Calibrators(place);
        var (figures, warm) = (new List<Figure>(), 3);
        foreach (var (name, target, peer, limit, order) in ((string, double, string, string, Func<string, string>)[])[
            ("by the API", 2.0, "symphony 4.2", "1.1", server.StartRun),
            ("by the CLI", 5.5, "AO 37, AO with claude 266, kanban 118", "3.7", ticket => ByCli(place, server, ticket))])
        {
            var samples = new List<(double Tree, double Started, double Prompt)>();
            for (var i = 0; i < warm + setting.Samples(15); i++)
            {
                var tree = calibrators.WorktreeAdd();
                var ticket = server.NewTicket(project);
                var began = Stopwatch.GetTimestamp();
                var run = order(ticket);
                await Wait.Until("the agent has its prompt", TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(1), () => reports.At("prompt", run) is not null);
                samples.Add((tree, Since(began, reports.At("started", run)), Since(began, reports.At("prompt", run))));
                await server.StopRuns();
            }

            // The first ones find a server that has compiled none of its code yet.
            samples.RemoveRange(0, warm);
            var trees = samples.Select(s => s.Tree).Median();
            figures.Add(new(Id, $"{name}: agent started", samples.Select(s => s.Started).Median(), "ms")
            {
                Beside = new("C1", trees, samples.Select(s => s.Started / s.Tree).Median()),
            });
            figures.Add(new(Id, $"{name}: prompt read", samples.Select(s => s.Prompt).Median(), "ms")
            {
                Beside = new("C1", trees, samples.Select(s => s.Prompt / s.Tree).Median()),
                Target = target,
                Peer = peer,
                Limit = limit,
            });
        }

        return figures;
    }

    private static string ByCli(Place place, RunningServer server, string ticket)
    {
        var run = Child.Run([Programs.Drover, "run", "start", ticket], place.Environment);
        if (run.ExitCode != 0) throw new BenchException($"drover run start {ticket} ended with {run.ExitCode}");
        return server.Status().Runs.Single(r => r.Ticket == ticket).Id;
    }

    private static double Since(long began, long? at) => Stopwatch.GetElapsedTime(began, at!.Value).TotalMilliseconds;
}
