using Drover.Bench.Measuring;

namespace Drover.Bench.Places;

/// <summary>A directory for one benchmark: a repository of 100 files, a home, and the environment in which programs see both. It goes with everything in it.</summary>
internal sealed class Place : IDisposable
{
    private Place(string path)
    {
        Path = path;
        Repository = System.IO.Path.Combine(path, "repo");
        Home = System.IO.Path.Combine(path, "home");
        Shared = System.IO.Path.Combine(path, "shared");
        Environment = new Dictionary<string, string>(Settings())
        {
            ["PATH"] = System.Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin",
            ["HOME"] = System.IO.Path.Combine(path, "user"),
            ["XDG_RUNTIME_DIR"] = System.IO.Path.Combine(path, "sockets"),
            ["DROVER_HOME"] = Home,
            ["DROVER_SERVER"] = Programs.Server,
            ["DOTNET_ROOT"] = Programs.DotnetRoot,
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["GIT_CONFIG_NOSYSTEM"] = "1",
        };
    }

    /// <summary>Settings of the runtime, to try what one of them does to the figures.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Settings() => System.Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
        .Select(e => KeyValuePair.Create((string)e.Key, (string)e.Value!)).Where(e => e.Key.StartsWith("DOTNET_", StringComparison.Ordinal));

    public string Path { get; }

    public string Repository { get; }

    public string Home { get; }

    /// <summary>What of the place agents can see and write, in their sandbox too.</summary>
    public string Shared { get; }

    /// <summary>Stub agents write into it when they run and when they have their prompt.</summary>
    public string Fifo => System.IO.Path.Combine(Shared, "fifo");

    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <param name="root">On a file system in memory: on a disk, what other benchmarks deleted would be measured too.</param>
    /// <param name="agents">Gives the program of the agents and its arguments, as a YAML list.</param>
    public static Place Make(string root, Func<Place, string> agents)
    {
        var place = new Place(System.IO.Path.Combine(root, $"drover-bench-{System.Environment.ProcessId}-{Guid.NewGuid():n}"[..30]));
        Directory.CreateDirectory(place.Repository);
        Directory.CreateDirectory(place.Home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.CreateDirectory(place.Environment["HOME"]);
        Directory.CreateDirectory(place.Shared);
        Directory.CreateDirectory(place.Environment["XDG_RUNTIME_DIR"]);
        for (var i = 0; i < 100; i++)
        {
            var directory = System.IO.Path.Combine(place.Repository, $"part{i / 10}");
            Directory.CreateDirectory(directory);
            File.WriteAllText(System.IO.Path.Combine(directory, $"file{i}.txt"), string.Concat(Enumerable.Repeat($"line of file {i}\n", 250)));
        }

        File.WriteAllText(System.IO.Path.Combine(place.Repository, "drover.yaml"), $$"""
            name: bench
            agents:
              coder:
                adapter: claude
                command: {{agents(place)}}
                count: 60
                environment:
                  set: {BENCH_FIFO: "{{place.Fifo}}"}
            limits: {runs: 200}
            retries: {most: 0, rounds: 0}
            sandbox: {mode: auto, write: ["{{place.Shared}}"]}

            """);
        File.WriteAllText(System.IO.Path.Combine(place.Home, "config.yaml"), "runs: 200\ndisk_floor: 1MB\n");
        string[] git = ["git", "-C", place.Repository];
        foreach (var step in (string[][])[["init", "-q", "-b", "main"], ["config", "user.name", "Bench"], ["config", "user.email", "bench@localhost"], ["add", "-A"], ["commit", "-qm", "First"]])
        {
            if (Child.Run([.. git, .. step], place.Environment).ExitCode != 0) throw new BenchException($"git {step[0]} failed in {place.Repository}");
        }

        return place;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
