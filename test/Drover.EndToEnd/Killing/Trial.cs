using System.Globalization;
using System.Text.Json;
using Drover.Api;

namespace Drover.EndToEnd.Killing;

/// <summary>One ticket and one agent, in whose way something goes wrong. Nothing is tried again by itself, so that a test sees the end of what it has begun.</summary>
internal sealed class Trial : IAsyncDisposable
{
    private Server _server;
    private Subscriber _subscriber;

    private Trial(Site site, string? crashAt)
    {
        Site = site;
        _server = Server.Keep(site, crashAt);
        _subscriber = Subscriber.Of(_server);
    }

    public Site Site { get; }

    public Server Server => _server;

    public Person Person => new(_server);

    /// <summary>What has been seen since the last start.</summary>
    public Subscriber Feed => _subscriber;

    /// <param name="steps">What the scripted agent does in its first turn, each in YAML; <c>@</c> stands for the shared directory.</param>
    /// <param name="agent">Keys of the agent in place of the scripted agent's command.</param>
    /// <param name="home">The state directory; null for one of the site's own.</param>
    /// <param name="gate">A line for the shell that must pass before anything lands; <c>@</c> as above.</param>
    public static async Task<Trial> Begin(IReadOnlyList<string> steps, string? agent = null, string? home = null, string gate = "true")
    {
        var site = new Site(home);
        await File.WriteAllTextAsync(Path.Combine(site.Root, "script.yaml"), Script(site, steps));
        return Begin(site, $"adapter: claude\n    {agent ?? Scripted(site)}", gate);
    }

    /// <param name="agent">The keys of the only agent, indented by four but for the first.</param>
    /// <param name="crashAt">Where the first server dies; others follow by themselves.</param>
    /// <param name="sandbox">Whether Drover's own surrounds the agent: <c>auto</c>, <c>required</c> or <c>off</c>.</param>
    public static Trial Begin(Site site, string agent, string gate = "true", string? crashAt = null, string sandbox = "auto")
    {
        site.Write("drover.yaml", $"""
            name: kill
            agents:
              coder:
                {agent}
            gates:
              - name: check
                run: {gate.Replace("@", site.Shared, StringComparison.Ordinal)}
            merge: auto
            retries: {"{most: 0, rounds: 0}"}
            sandbox:
              mode: {sandbox}
              write: [{site.Shared}]
              read: [{site.Root}/script.yaml]
            """);
        site.Write("src/first.txt", "first\n");
        site.Commit("First");
        return new(site, crashAt);
    }

    /// <summary>A script that plays the steps for the trial's ticket.</summary>
    public static string Script(Site site, IReadOnlyList<string> steps)
    {
        var turn = string.Concat(steps.Select(step => $"        - {step.Replace("@", site.Shared, StringComparison.Ordinal)}\n"));
        return $"rules:\n  - when: Whatever comes\n    turns:\n      -\n{turn}    default: [{{say: Nothing left to do.}}]\n";
    }

    public static string Scripted(Site site) =>
        $"command: [{Programs.Rehearsal}, agent, --protocol, stream-json, --script, {site.Root}/script.yaml, --state, {site.Shared}/conversations]";

    /// <param name="furnish">What is to be done for the project before its first run.</param>
    public async Task<RunJson> Start(Action<ProjectJson>? furnish = null)
    {
        var project = await Person.Register(Site.Repository);
        furnish?.Invoke(project);
        var ticket = await Person.File(project.Id, "Try it", "Whatever comes.");
        return await Person.Start(ticket.Key, "coder");
    }

    public Task<RunJson> Settled(RunJson run) => Until(run, r => r.State == "settled", "the run's end");

    public async Task<RunJson> Until(RunJson run, Func<RunJson, bool> isSo, string what)
    {
        var last = run;
        await Eventually.True(() => isSo(last = Look(run) ?? last), () => $"{what}; it is {last.State}: {last.Evidence}\n{_server.Log}");
        return last;
    }

    public async Task<TicketJson> Ticket() => (await Person.Tickets())[0];

    /// <summary>Waits until a file is in the shared directory.</summary>
    public Task Noted(string file) =>
        Eventually.True(() => File.Exists(Path.Combine(Site.Shared, file)), () => $"the agent has made {file}\n{_server.Log}");

    public void Tell(string file) => File.WriteAllText(Path.Combine(Site.Shared, file), "");

    public string Job(RunJson run, string file) => Path.Combine(Site.Home.Path, "runs", run.Id, file);

    /// <summary>The keeper's process.</summary>
    public int Keeper(RunJson run) => int.Parse(File.ReadAllText(Job(run, "started/identity")).Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>Kills the server; none follows until <see cref="Restart"/>.</summary>
    public async Task KillServer()
    {
        await _server.End();
        await _subscriber.End();
    }

    /// <param name="crashAt">Where the new server dies, once; null for nowhere.</param>
    public void Restart(string? crashAt = null)
    {
        _server = Server.Keep(Site, crashAt);
        _subscriber = Subscriber.Of(_server);
    }

    /// <summary>The texts that the agent said, as the journal has them.</summary>
    public IEnumerable<string> Texts() => Feed.Events.Where(e => e.Type == "text").Select(e => e.Data.GetProperty("text").GetString()!);

    public async ValueTask DisposeAsync()
    {
        await KillServer();
        await Processes.End(Site.Root);
        Site.Dispose();
    }

    private RunJson? Look(RunJson run)
    {
        try
        {
            return new ApiClient(_server.Socket, null).Get($"/api/v1/runs/{run.Id}", ApiJson.Default.RunJson);
        }
        catch (Exception e) when (Server.IsAway(e))
        {
            return null;
        }
    }
}
