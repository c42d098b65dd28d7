using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Drover.Api;

namespace Drover.Bench.Places;

/// <summary>A server on a place's home, as a process of its own.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly Process _process;

    private RunningServer(Process process, string socket, TimeSpan start)
    {
        (_process, Start) = (process, start);
        Api = new(socket, null);
        Socket = socket;
    }

    public ApiClient Api { get; }

    public string Socket { get; }

    public int Pid => _process.Id;

    /// <summary>From the spawn to the first answer with status 200.</summary>
    public TimeSpan Start { get; }

    public static async Task<RunningServer> On(Place place)
    {
        // A shell opens the log and becomes the server.
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
        foreach (var argument in (string[])["-c", """log=$1; shift; exec "$@" </dev/null >>"$log" 2>&1""", "bench", Path.Combine(place.Home, "server.log"), Programs.Server, "serve"])
            start.ArgumentList.Add(argument);
        start.Environment.Clear();
        foreach (var (name, value) in place.Environment) start.Environment[name] = value;
        var began = Stopwatch.GetTimestamp();
        var process = Process.Start(start)!;
        var (socket, api) = ("", (ApiClient?)null);
        await Wait.Until("the server answers", TimeSpan.FromSeconds(60), TimeSpan.FromMilliseconds(2), () =>
        {
            if (process.HasExited) throw new BenchException($"the server ended: {File.ReadAllText(Path.Combine(place.Home, "server.log"))}");
            if (api is null)
            {
                socket = Directory.Exists(SocketsOf(place)) ? Directory.EnumerateFiles(SocketsOf(place)).FirstOrDefault() ?? "" : "";
                if (socket.Length > 0) api = new(socket, null);
            }

            return api is not null && Answers(api, process.Id);
        });
        return new(process, socket, Stopwatch.GetElapsedTime(began));
    }

    /// <summary>Makes the repository a project, and gives the project's id.</summary>
    public string Register(Place place) =>
        Api.Change("POST", "/api/v1/projects", new(place.Repository, null, null), ApiJson.Default.NewProjectJson, ApiJson.Default.ProjectJson, Guid.NewGuid()).Id;

    public string NewTicket(string project) => Api.Change(
        "POST", "/api/v1/tickets", new(project, null, "Something to do", "It is to be done.", null, null, null, null),
        ApiJson.Default.NewTicketJson, ApiJson.Default.TicketJson, Guid.NewGuid()).Key;

    /// <summary>Starts a run and gives its id.</summary>
    public string StartRun(string ticket) => Api.Change(
        "POST", "/api/v1/runs", new(ticket, null, null, null), ApiJson.Default.StartRunJson, ApiJson.Default.StartedJson, Guid.NewGuid()).Run?.Id
            ?? throw new BenchException($"{ticket} was queued, though there are agents and room for every run");

    public StatusJson Status() => Api.Get("/api/v1/status", ApiJson.Default.StatusJson);

    /// <summary>Stops all runs and returns when they have ended, with their agents.</summary>
    public async Task StopRuns()
    {
        foreach (var run in Status().Runs)
            Api.Change("POST", $"/api/v1/runs/{run.Id}/stop", new("the benchmark is over"), ApiJson.Default.ReasonJson, ApiJson.Default.RunJson, Guid.NewGuid());
        await Wait.Until("all runs have ended", TimeSpan.FromSeconds(90), TimeSpan.FromMilliseconds(50), () => Status().Runs.Count == 0);
    }

    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Processor time used so far; the kernel counts it in steps of 10 ms.</summary>
    public TimeSpan Cpu()
    {
        var text = File.ReadAllText($"/proc/{Pid}/stat");
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromMilliseconds(10 * (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)));
    }

    /// <summary>Resident memory now, in megabytes of 10⁶ bytes.</summary>
    public double Memory()
    {
        var line = File.ReadLines($"/proc/{Pid}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024 / 1e6;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using (var end = Process.Start("/bin/kill", ["-TERM", Pid.ToString(CultureInfo.InvariantCulture)])) await end.WaitForExitAsync();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                await Kill();
            }
        }

        _process.Dispose();
    }

    private static string SocketsOf(Place place) => Path.Combine(place.Environment["XDG_RUNTIME_DIR"], "drover");

    private static bool Answers(ApiClient api, int pid)
    {
        try
        {
            return api.Get("/api/v1/server", ApiJson.Default.ServerJson).Pid == pid;
        }
        catch (Exception e) when (e is ServerNotRunningException or ServerSilentException or RefusedException or JsonException)
        {
            return false;
        }
    }
}
