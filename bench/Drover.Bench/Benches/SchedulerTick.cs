using System.Diagnostics;
using Drover.Bench.Measuring;
using Drover.Core;

namespace Drover.Bench.Benches;

/// <summary>S1: one look of the scheduler over 10,000 tickets and 1,000 runs at work, in memory.</summary>
internal sealed class SchedulerTick : IBench
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 20, 22, 0, 0, TimeSpan.Zero);

    public string Id => "S1";

    public string Name => "scheduler-tick";

    public Task<IReadOnlyList<Figure>> Run(Setting setting)
    {
        // Nobody is free, then half of the agents: the look that decides nothing is the usual one, the other is the most that a look can decide.
        return Task.FromResult<IReadOnlyList<Figure>>([Measure(setting, "nothing to decide", slots: 1000), Measure(setting, "1,000 starts", slots: 2000)]);
    }

    private Figure Measure(Setting setting, string name, int slots)
    {
        var board = Board(slots);
        var samples = new List<double>();
        for (var i = 0; i < setting.Samples(100) + 5; i++)
        {
            var began = Stopwatch.GetTimestamp();
            Scheduler.Tick(board);
            if (i >= 5) samples.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return new(Id, $"10,000 tickets, 1,000 runs, {name}", samples.Median(), "ms") { Target = 20 };
    }

    private static Board Board(int slots)
    {
        var random = new Random(1);
        BoardAgent[] agents = [.. Enumerable.Range(0, 20).Select(a => new BoardAgent(
            $"agent{a}", [.. Enumerable.Range(1, slots / 20).Select(n => $"agent{a}-{n}")], new HashSet<Role> { Role.Coder, Role.Reviewer }, "claude", "user"))];
        var project = new BoardProject(new("app"), agents, new(10_000, new Dictionary<Role, int>(), new Dictionary<string, int>(), new Dictionary<string, int>(), new Dictionary<Stage, int>()));
        var runs = Enumerable.Range(0, 1000).Select(n => new BoardRun(
            new($"coder-{n}"), project.Id, new TicketKey("APP", 20_000 + n), Role.Coder, $"agent{n % 20}-{(n / 20) + 1}", $"agent{n % 20}", "claude", "user"));
        var tickets = Enumerable.Range(1, 10_000).Select(n => new BoardTicket(new("APP", n), project.Id, Stage.Ready, random.Next(1, 10), s_now.AddMinutes(-random.Next(100_000)))
        {
            WaitsFor = n % 7 == 0 ? [new(new("APP", n - 1), Stage.Ready)] : [],
            NotBefore = n % 11 == 0 ? s_now.AddMinutes(5) : null,
        });
        return new(s_now, 10_000, [project], [.. tickets], [.. runs]);
    }
}
