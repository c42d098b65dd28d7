using Drover.Bench.Measuring;
using Drover.Bench.Places;

namespace Drover.Bench.Benches;

/// <summary>B1: what a command costs, from the spawn of its process to its end, whatever is on record.</summary>
internal sealed class CliCold : IBench
{
    private const double MostHellos = 2.5;

    public string Id => "B1";

    public string Name => "cli-cold";

    public async Task<IReadOnlyList<Figure>> Run(Setting setting)
    {
        var figures = new List<Figure>();
        foreach (var onRecord in (int[])[0, 50, 1000])
        {
            using var place = Place.Make(setting.Root, BenchAgents.Stub);
            await using (var first = await RunningServer.On(place)) first.Register(place);
            await Past.Put(place, onRecord, eventsPerRun: 20);
            await using var server = await RunningServer.On(place);
            if (onRecord == 0)
            {
                figures.Add(Measure(setting, place, "--help", ["--help"], "kanban 37, AO 7.8, claude 6.2"));
            }

            var peer = onRecord switch { 0 => "AO 9.5, kanban 35", 50 => "AO 59 (50 live)", _ => "AO 110-480" };
            figures.Add(Measure(setting, place, $"status, {onRecord} runs on record", ["status"], peer));
        }

        return figures;
    }

    private Figure Measure(Setting setting, Place place, string name, string[] arguments, string peer)
    {
        var calibrators = new Calibrators(place);
        Child.Run([Programs.Drover, .. arguments], place.Environment);
        var (walls, hellos) = (new List<double>(), new List<double>());
        for (var i = 0; i < setting.Samples(15); i++)
        {
            hellos.Add(calibrators.Hello().Wall.TotalMilliseconds);
            var run = Child.Run([Programs.Drover, .. arguments], place.Environment);
            if (run.ExitCode != 0) throw new BenchException($"drover {string.Join(' ', arguments)} ended with {run.ExitCode}");
            walls.Add(run.Wall.TotalMilliseconds);
        }

        return new(Id, name, walls.Median(), "ms")
        {
            Beside = new("C2", hellos.Median(), walls.Zip(hellos, (w, h) => w / h).Median()),
            Target = MostHellos,
            Peer = peer,
            Limit = "1.85",
        };
    }
}
