using System.Collections.Concurrent;
using System.Text.Json;
using Drover.Api;
using Drover.Core;
using Drover.Node.Containing;
using Drover.Node.Keeping;
using Drover.Server.Feeding;
using Drover.Server.Host;
using Drover.Server.Http;
using Drover.Server.Journaling;
using Drover.Server.Projects;
using Drover.Server.Runs;
using Drover.Server.Tests.Git;
using Drover.Server.Tests.Journaling;
using Drover.Server.Tickets;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Drover.Server.Tests.Runs;

/// <summary>What a <see cref="Workshop"/> is opened with: the parts of its <c>drover.yaml</c> and of its server that tests change.</summary>
internal sealed record Plan(string Script)
{
    /// <summary>The agent's command instead of the scripted agent, a YAML list.</summary>
    public string? Command { get; init; }

    /// <summary>Further lines of the agent's entry.</summary>
    public string Agent { get; init; } = "";

    public string Sandbox { get; init; } = "off";

    public string Merge { get; init; } = "never";

    /// <summary>Further lines of the file.</summary>
    public string More { get; init; } = "";

    public Func<DroverHostOptions, DroverHostOptions> Options { get; init; } = o => o;

    public static Plan Of(params string[] steps) => new($"steps:\n{string.Concat(steps.Select(s => $"  - {s}\n"))}");

    /// <summary>An agent in plain sh that speaks the stream-JSON protocol: it answers the handshake, takes up its prompt, and then does <paramref name="work"/>,
    /// to which <c>$finish</c> is the line that ends its turn well.</summary>
    public static Plan Shell(string work) => Program($$"""
        {{Answer}}
        read -r prompt
        uuid=$(printf %s "$prompt" | sed 's/.*"uuid":"\([^"]*\)".*/\1/')
        echo '{"type":"system","subtype":"init","session_id":"11111111-2222-4333-8444-555555555555","model":"m"}'
        echo "{\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":\"x\"},\"uuid\":\"$uuid\",\"isReplay\":true}"
        finish='{"type":"result","subtype":"success","is_error":false,"result":"All done.","stop_reason":"end_turn","total_cost_usd":0,"usage":{"input_tokens":1,"output_tokens":1},"terminal_reason":"completed"}'
        {{work}}
        """);

    /// <summary>An agent that is this sh script.</summary>
    public static Plan Program(string script) => new("steps: []") { AgentScript = script };

    /// <summary>The handshake of an agent in sh.</summary>
    public const string Answer = """
        read -r hello
        echo '{"type":"control_response","response":{"subtype":"success","request_id":"drover-hello","response":{}}}'
        """;

    /// <summary>The agent as a sh script instead of the scripted agent.</summary>
    public string? AgentScript { get; init; }
}

/// <summary>A real repository, a real journal and everything that works by itself on them, without the doors.</summary>
internal sealed class Workshop : IAsyncDisposable
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(120);
    public static readonly Principal Ann = Some.Ann;

    private readonly TestHome _home = new();
    private readonly Gathered _log = new();
    private readonly Plan _plan;
    private Feed _feed = null!;

    private Workshop(Plan plan, Sample repository) => (_plan, Repository) = (plan, repository);

    public Sample Repository { get; }

    public string Home => _home.Path;

    public Journal Journal => _home.Journal;

    public Work Work { get; private set; } = null!;

    public IReadOnlyCollection<string> Log => _log.Lines;

    public static string Rehearsal { get; } = Path.Combine(
        AppContext.BaseDirectory, "..", "..", "Drover.Rehearsal", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "drover-rehearsal");

    /// <param name="bare">Whether the project is a bare clone of the repository.</param>
    public static async Task<Workshop> Open(Plan plan, bool bare = false)
    {
        var shop = new Workshop(plan, Sample.WithCommit());
        shop.WriteScript(plan.Script);
        shop.Configure(plan);
        await shop.Begin();
        var path = bare ? Path.Combine(shop.Repository.Path, "bare.git") : shop.Repository.Clone;
        if (bare) shop.Repository.RunIn("/", "clone", "-q", "--bare", shop.Repository.Clone, path);
        var repository = await shop.Repository.Open(path);
        await shop.Journal.Do(Priority.Urgent, tx => ProjectCommands.Add(tx, repository, new ProjectNames("app", null), new(null, "app", "APP"), Ann));
        return shop;
    }

    public void WriteScript(string script) => System.IO.File.WriteAllText(ScriptFile, script);

    /// <summary>Commits a new <c>drover.yaml</c> on the trunk.</summary>
    public CommitSha Configure(Plan plan) => Configure($"""
        name: app
        agents:
          coder:
            adapter: claude
            command: {plan.Command ?? (plan.AgentScript is { } script ? Written(script) : null) ?? JsonSerializer.Serialize((string[])[Path.GetFullPath(Rehearsal), "agent", "--protocol", "stream-json", "--script", ScriptFile])}
            home: isolated
        {Indented(plan.Agent, "    ")}
        sandbox: {plan.Sandbox}
        merge: {plan.Merge}
        {plan.More}
        """);

    /// <summary>Nothing is tried again by itself unless the file says so, and a test sees the end of what it has begun.</summary>
    public CommitSha Configure(string yaml)
    {
        Repository.Write("drover.yaml", yaml.Contains("retries:", StringComparison.Ordinal) ? yaml : $"{yaml.TrimEnd()}\nretries: {{most: 0, rounds: 0}}\n");
        return Repository.Commit("Configure");
    }

    private string Written(string script)
    {
        var file = Path.Combine(Repository.Path, "agent.sh");
        System.IO.File.WriteAllText(file, script);
        return JsonSerializer.Serialize((string[])["/bin/sh", file]);
    }

    public string ScriptFile => Path.Combine(Repository.Path, "script.yaml");

    /// <summary>A file that a script waits for.</summary>
    public string Sign(string name) => Path.Combine(Repository.Path, name);

    public void Give(string sign) => System.IO.File.WriteAllText(Sign(sign), "");

    /// <summary>Ends the server's part and begins it anew on the same home, as after a crash or a restart.</summary>
    public Task Restart() => Restart(() => Task.CompletedTask);

    public Task Restart(Action between) => Restart(() =>
    {
        between();
        return Task.CompletedTask;
    });

    /// <param name="between">What happens while no server is there.</param>
    public async Task Restart(Func<Task> between)
    {
        await End();
        await between();
        await Begin();
    }

    private async Task Begin()
    {
        var options = _plan.Options(new() { Home = DroverHome.At(Home), Port = null, Time = TimeProvider.System, Random = new LockedRandom(new()), Machine = new() { Agents = new Dictionary<string, IReadOnlyList<string>>() } });
        _feed = new Feed(Journal);
        Work = Work.Open(await Sample.Gate, Journal, _feed, options, _log);
        Work.TakeUp("http://127.0.0.1:1/");
    }

    private async Task End()
    {
        await Work.DisposeAsync();
        _feed.Close();
        _home.Close();
    }

    public async Task<TicketKey> File(string title = "Add a greeting", string? body = null, params string[] criteria)
    {
        var ticket = await Journal.Do(Priority.Urgent, tx =>
            TicketCommands.Add(tx, ProjectTable.Get(tx, new("app"))!, new("app", null, title, body, null, null, criteria, null), Ann));
        return TicketKey.TryParse(ticket.Key)!.Value;
    }

    public static RunWish Wish(TicketKey ticket) => new(ticket, null, Role.Coder, null, false, false);

    /// <summary>Starts a run as the API does for a human.</summary>
    public async Task<RunRow> Start(RunWish wish, Principal? who = null)
    {
        var ground = await Work.Start.Ground(wish.Ticket, TestContext.Current.CancellationToken);
        return await Journal.Do(Priority.Urgent, tx => Work.Start.Reserve(tx, ground, wish, who ?? Ann).OrRefuse());
    }

    public Task<RunRow> Start(TicketKey ticket) => Start(Wish(ticket));

    /// <summary>Goes on with a settled run as the API does for a human.</summary>
    public async Task<RunRow> Continue(RunRow source, Continuation how, string? text = null, string? agent = null, bool fork = false)
    {
        var ground = await Work.Continue.Ground(source.Id.Value, TestContext.Current.CancellationToken);
        return await Journal.Do(Priority.Urgent, tx => Work.Continue.Reserve(tx, ground, source.Id.Value, how, new(text, agent, fork), Ann));
    }

    /// <summary>Files a ticket and starts a run on it.</summary>
    public async Task<RunRow> Start() => await Start(await File());

    public Task<Refusal> Refused(RunWish wish, Principal? who = null) => Assert.ThrowsAsync<Refusal>(() => Start(wish, who));

    public RunRow Get(RunRow run) => Journal.Read(db => RunTable.Get(db, run.Id))!;

    public RunOrder Order(RunRow run) => Journal.Read(db => RunTable.OrderOf(db, run.Id))!;

    public TicketRow Ticket(RunRow run) => Ticket(run.Ticket!.Value);

    public TicketRow Ticket(TicketKey key) => Journal.Read(db => TicketTable.Get(db, key))!;

    public AttemptRow Attempt(RunRow run) => Journal.Read(db => AttemptTable.Get(db, run.Project, run.Attempt!.Value))!;

    public JobDirectory Job(RunRow run) => Work.Place.Job(run.Id);

    public IReadOnlyList<EventRow> Events(RunRow run) => Journal.Read(db => EventTable.PageOf(db, run.Id, 0, long.MaxValue, 100_000, _ => false));

    public IReadOnlyList<EventRow> Events(TicketKey key) => Journal.Read(db => EventTable.PageOf(db, key, 0, long.MaxValue, 100_000, _ => false));

    public IReadOnlyList<EventRow> Events() => Journal.Read(db => EventTable.Page(db, 0, long.MaxValue, 100_000, _ => false));

    public bool Has(RunRow run, string type) => Events(run).Any(e => e.Type == type);

    /// <summary>Until the run is settled and its ticket has been moved on.</summary>
    public async Task<RunRow> Settled(RunRow run)
    {
        await Until(() => Get(run) is { State: RunState.Settled } && (Ticket(run).Stage != Stage.Coding || Ticket(run).Blocked is not null || Ticket(run).Pace.NotBefore is not null), () => Describe(run));
        return Get(run);
    }

    public Task Live(RunRow run) => Until(() => Get(run).State == RunState.Live, () => Describe(run));

    public async Task<RunRow> Stop(RunRow run)
    {
        await Journal.Do(Priority.Urgent, tx => RunCommands.Stop(tx, RunTable.Get(tx, run.Id)!, "enough", Ann));
        return await Settled(run);
    }

    public Task<SteerRow> Say(RunRow run, string text, SteerMode mode) => Journal.Do(Priority.Urgent, tx =>
        RunCommands.Say(tx, RunTable.Get(tx, run.Id)!, text, mode, MessageId.New(Work.Place.Random), Ann));

    public SteerRow Steer(SteerRow steer) => Journal.Read(db => SteerTable.Get(db, steer.Id))!;

    public Task Remove(RunRow run) => new RemoveRun(Work.Place).Do(Get(run), Ann, TestContext.Current.CancellationToken);

    /// <summary>The branches of attempts that exist.</summary>
    public string Branches() => Repository.Run("for-each-ref", "--format=%(refname:short)", "refs/heads/drover");

    public string Salvaged() => Repository.Run("for-each-ref", "--format=%(refname:short)", "refs/drover/salvage");

    /// <summary>The processes that carry the run's marker.</summary>
    public static IReadOnlyList<int> Processes(RunRow run) => Marked(run.Id.Value);

    /// <summary>All that ever ran: agents, gates, steps of <c>post_create</c>.</summary>
    public IReadOnlyList<string> JobNames() => !Directory.Exists(Path.Combine(Home, "runs")) ? []
        : [.. Directory.EnumerateDirectories(Path.Combine(Home, "runs")).Select(d => Path.GetFileName(d)!)];

    /// <summary>The processes of a job: an agent's, a gate's.</summary>
    public static IReadOnlyList<int> Marked(string job) => [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
        .Where(n => int.TryParse(n, out _)).Select(n => int.Parse(n!, System.Globalization.CultureInfo.InvariantCulture)).Where(pid => Carries(pid, job))];

    public static async Task Until(Func<bool> isSo, Func<string> what)
    {
        using var limit = new CancellationTokenSource(DefaultTimeout);
        while (!isSo())
        {
            if (limit.IsCancellationRequested) Assert.Fail($"not within {DefaultTimeout}: {what()}");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None);
        }
    }

    public string Describe(RunRow run) =>
        $"{Get(run)}\n{Ticket(run)}\n{string.Join('\n', Events(run.Ticket!.Value).Select(e => $"{e.Type} {e.Data}"))}\n{string.Join('\n', Log)}";

    public async ValueTask DisposeAsync()
    {
        await End();
        var runs = Path.Combine(Home, "runs");
        if (Directory.Exists(runs))
        {
            foreach (var job in Directory.EnumerateDirectories(runs).Select(d => new JobDirectory(runs, new(Path.GetFileName(d)))))
                await Stopper.Stop(job, TimeSpan.Zero, TimeProvider.System, CancellationToken.None);
        }

        _home.Dispose();
        Repository.Dispose();
    }

    private static bool Carries(int pid, string job)
    {
        try
        {
            return System.IO.File.ReadAllText($"/proc/{pid}/environ").Contains($"DROVER_RUN={job}", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended, or belongs to somebody else.
            return false;
        }
    }

    private static string Indented(string lines, string by) => string.Join('\n', lines.Split('\n').Select(l => l.Length == 0 ? l : by + l));
}

/// <summary>A log that keeps its lines.</summary>
internal sealed class Gathered : ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> Lines => _lines;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");
}
