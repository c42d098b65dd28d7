using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;
using Drover.Api;

namespace Drover.Server.Demo;

/// <summary>A server for the demo's home alone, spoken to over the API like any other.</summary>
internal sealed class DemoServer
{
    private static readonly string[] Needed = ["XDG_RUNTIME_DIR", "TMPDIR", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "DOTNET_*"];

    private readonly DroverHome _home;

    private DemoServer(DroverHome home, ServerJson facts) => (_home, Facts, Api) = (home, facts, new(SocketPath.Of(home), null));

    public ServerJson Facts { get; }

    public ApiClient Api { get; }

    public static DemoServer Start(DroverHome home, DemoCast cast) => new(home, ServerLaunch.Detached(Environment.ProcessPath!, home, [], environment =>
    {
        if (cast == DemoCast.Live) return;

        // Nothing of the user's environment that could be a key or an address of a vendor reaches a rehearsed agent.
        var kept = Server.Runs.Environments.Common(Needed);
        foreach (var name in environment.Keys.Where(n => !kept.ContainsKey(n) && n != "DOTNET_ROOT").ToList()) environment.Remove(name);
    }));

    public ProjectJson Register(string repository) =>
        Api.Change("POST", "/api/v1/projects", new(repository, null, null), ApiJson.Default.NewProjectJson, ApiJson.Default.ProjectJson, Guid.NewGuid());

    public TicketJson File(NewTicketJson ticket) =>
        Api.Change("POST", "/api/v1/tickets", ticket, ApiJson.Default.NewTicketJson, ApiJson.Default.TicketJson, Guid.NewGuid());

    public RunJson StartRun(string ticket) =>
        Api.Change("POST", "/api/v1/runs", new(ticket, null, null, null), ApiJson.Default.StartRunJson, ApiJson.Default.StartedJson, Guid.NewGuid()).Run
            ?? throw new InvalidOperationException($"{ticket} was queued, though the demo has an agent for each of its tickets");

    public IReadOnlyList<RunJson> Runs() => Api.Get("/api/v1/runs", ApiJson.Default.IReadOnlyListRunJson);

    public string Why(string ticket) => Api.Get($"/api/v1/tickets/{ticket}/why", ApiJson.Default.WhyJson).Text;

    public LoginLinkJson LoginLink() => JsonSerializer.Deserialize(Api.Change("POST", "/api/v1/login-links", Guid.NewGuid()), ApiJson.Default.LoginLinkJson)!;

    /// <summary>Everything that happens, from the beginning. The reading thread ends with the process or with the server.</summary>
    public ChannelReader<EventJson> Follow()
    {
        var events = Channel.CreateBounded<EventJson>(1000);
        var reader = new Thread(() => Read(events.Writer)) { IsBackground = true, Name = "feed" };
        reader.Start();
        return events.Reader;
    }

    /// <summary>Ends the agents, then the server. False when it does not end.</summary>
    public bool Stop()
    {
        try
        {
            foreach (var run in Runs().Where(r => r.State != "settled"))
                Api.Change("POST", $"/api/v1/runs/{run.Id}/stop", new("the demo was stopped"), ApiJson.Default.ReasonJson, Guid.NewGuid());
            var patience = Stopwatch.StartNew();
            while (Runs().Any(r => r.State != "settled") && patience.Elapsed < TimeSpan.FromSeconds(30)) Wait(TimeSpan.FromMilliseconds(100));
            Api.Change("POST", "/api/v1/server/stop", new(null), ApiJson.Default.ReasonJson, ApiJson.Default.StoppingJson, Guid.NewGuid());
            using var server = Process.GetProcessById(Facts.Pid);
            return server.WaitForExit(TimeSpan.FromSeconds(30));
        }
        catch (Exception e) when (e is ArgumentException or Win32Exception or ServerNotRunningException)
        {
            return true;
        }
        catch (Exception e) when (e is ServerSilentException or RefusedException)
        {
            return false;
        }
    }

    private static void Wait(TimeSpan time) => new ManualResetEventSlim().Wait(time);

    private void Read(ChannelWriter<EventJson> events)
    {
        var cursor = "0";
        Exception? end = null;
        try
        {
            for (var goesOn = true; goesOn;)
            {
                goesOn = false;
                foreach (var message in Api.Follow($"/api/v1/events?after={Uri.EscapeDataString(cursor)}&follow=true"))
                {
                    cursor = message.Id ?? cursor;
                    if (message.Type == "end") goesOn = message.Data.Contains("slow", StringComparison.Ordinal);
                    else if (JsonSerializer.Deserialize(message.Data, ApiJson.Default.EventJson) is { } happened) events.WriteAsync(happened).AsTask().GetAwaiter().GetResult();
                }
            }
        }
        catch (Exception e) when (e is ServerNotRunningException or ServerSilentException or RefusedException or JsonException or IOException or ChannelClosedException)
        {
            end = new DemoFailedException($"the server's feed ended: {e.Message}\nIts log is {_home.LogFile}");
        }

        events.TryComplete(end);
    }
}
