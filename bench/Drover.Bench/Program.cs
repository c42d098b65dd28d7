using Drover.Bench;
using Drover.Bench.Benches;
using Drover.Bench.Measuring;
using Drover.Bench.Places;

IBench[] all = [new CliCold(), new SpawnSmall(), new Burst(), new Streaming(), new KillRecover(), new ServerStart(), new SchedulerTick()];
var (root, quick, json, only) = ("/dev/shm", false, false, (string[]?)null);
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--quick": quick = true; break;
        case "--json": json = true; break;
        case "--only" when i + 1 < args.Length: only = args[++i].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries); break;
        case "--in" when i + 1 < args.Length: root = Path.GetFullPath(args[++i]); break;
        default: return Usage(all);
    }
}

if (only is not null && Array.Exists(only, id => !Array.Exists(all, b => b.Id == id))) return Usage(all);
if (!OperatingSystem.IsLinux() || !Directory.Exists(root))
{
    Console.Error.WriteLine($"the benchmarks need Linux (they read /proc), and the directory {root}: --in DIR names another, best on a file system in memory");
    return 2;
}

var report = new Report(Console.Out, json);
using (var place = Place.Make(root, BenchAgents.Stub)) report.Open(Machine.Describe(root), new Calibrators(place).Describe());
foreach (var bench in all.Where(b => only is null || only.Contains(b.Id)))
{
    try
    {
        foreach (var figure in await bench.Run(new(root, quick))) report.Add(figure);
    }
    catch (Exception e) when (e is BenchException or Drover.Api.RefusedException or Drover.Api.ServerSilentException or Drover.Api.ServerNotRunningException)
    {
        report.Broken(bench.Id, e.Message);
    }
}

return report.Failed == 0 ? 0 : 1;

static int Usage(IBench[] all)
{
    Console.Error.WriteLine($"""
        usage: ./dev bench [--only B1,B5] [--quick] [--json] [--in DIR]

        {string.Join("\n", all.Select(b => $"  {b.Id}  {b.Name}"))}

          --quick  fewer samples and shorter streams: whether it works, not how fast it is
          --in     where repositories and homes are made and removed; /dev/shm without it
        """);
    return 2;
}
