using System.Text;
using System.Text.Json;
using Drover.Agents;
using Drover.Api;
using Drover.EndToEnd.Killing;
using Drover.EndToEnd.Rehearsal;

namespace Drover.EndToEnd.Agents;

/// <summary>One ticket and one real agent from npm, whose model is the rehearsal's and whose home is its own.</summary>
internal sealed class RealTrial : IAsyncDisposable
{
    private readonly Scratch _scratch;
    private readonly ModelProcess _model;
    private readonly RehearsalSetup _setup;
    private bool _hasModel = true;

    private RealTrial(Scratch scratch, ModelProcess model, RehearsalSetup setup, Trial trial) => (_scratch, _model, _setup, Trial) = (scratch, model, setup, trial);

    public Trial Trial { get; }

    /// <param name="preset">Its name among the known agents.</param>
    /// <param name="steps">What the model does in the first turn, each in YAML; <c>@</c> stands for a directory that the test shares with the agent.</param>
    public static Task<RealTrial> Begin(string preset, params string[] steps) => Begin(preset, site => Trial.Script(site, steps));

    /// <param name="script">What the model does, as a whole.</param>
    /// <param name="options">What stands under the agent's <c>options</c>, as YAML on one line.</param>
    /// <param name="limits">Likewise its <c>limits</c>.</param>
    /// <param name="sandbox">Whether Drover's own surrounds the agent: <c>auto</c>, <c>required</c> or <c>off</c>.</param>
    /// <param name="gate">A line for the shell that must pass before anything lands.</param>
    public static async Task<RealTrial> Begin(string preset, Func<Site, string> script, string? options = null, string sandbox = "auto", string? limits = null, string gate = "true")
    {
        var known = Presets.All.Single(p => p.Name == preset);
        var (scratch, site) = (new Scratch(), new Site());
        var model = await ModelProcess.Start(scratch, script(site));
        var setup = known.AgainstModelServer!(model.Url);
        string[] command = [await Rehearsal.Agents.Program(preset), .. known.Command.Skip(1), .. setup.Arguments];
        return new(scratch, model, setup, Trial.Begin(site, Entry(known, command, setup) + (options is null ? "" : $"\n    options: {options}") + (limits is null ? "" : $"\n    limits: {limits}"), gate, sandbox: sandbox));
    }

    /// <summary>The agent's program, driven as any program is.</summary>
    /// <param name="arguments">After the program.</param>
    /// <param name="home">The directory of its home that holds the program's own files.</param>
    public static async Task<RealTrial> BeginCommand(string preset, IReadOnlyList<string> arguments, string options, string home, Func<Site, string> script)
    {
        var known = Presets.All.Single(p => p.Name == preset) with { Adapter = "command" };
        var (scratch, site) = (new Scratch(), new Site());
        var model = await ModelProcess.Start(scratch, script(site));
        var setup = known.AgainstModelServer!(model.Url);
        setup = setup with { Files = setup.Files.ToDictionary(f => Path.Combine(home, f.Key), f => f.Value) };
        return new(scratch, model, setup, Trial.Begin(site, $"{Entry(known, [await Rehearsal.Agents.Program(preset), .. arguments], setup)}\n    options: {options}"));
    }

    public Task<RunJson> Start() => Trial.Start(Furnish);

    /// <summary>How often a text stands in the messages that the model was given, in the end of each conversation.</summary>
    public int TimesGiven(string text) => Messages().Sum(m => m.Split(text).Length - 1);

    /// <summary>Waits until the model has been given the text.</summary>
    public Task Given(string text) => Eventually.True(() => TimesGiven(text) > 0, () => $"the model has been given {text}\n{Trial.Server.Log}");

    /// <summary>From now on nobody listens where the agent's model was.</summary>
    public async Task EndModel()
    {
        if (!_hasModel) return;
        _hasModel = false;
        await _model.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Trial.DisposeAsync();
        await EndModel();
        _scratch.Dispose();
    }

    /// <summary>The messages of users, once each: those of every conversation's last request.</summary>
    public IReadOnlyList<string> Messages() => [.. Conversations().SelectMany(c => c)];

    /// <summary>The messages of users in each conversation, as its last request had them.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Conversations() => [.. Requests().GroupBy(r => r.Text("conversation")).Select(c => Users(c.Last()))];

    /// <summary>The messages of users in the last request that holds this text.</summary>
    public string LastWith(string text) => Requests().Select(r => string.Join('\n', Users(r))).Last(said => said.Contains(text, StringComparison.Ordinal));

    /// <summary>How often the model was given a text, by the request that has it most often: an agent may forget what it was told in a turn that was interrupted.</summary>
    public int MostTimesGiven(string text) => Requests().Select(r => Users(r).Sum(m => m.Split(text).Length - 1)).DefaultIfEmpty().Max();

    private IEnumerable<JsonElement> Requests() =>
        _model.Log.Where(m => m.Text("kind") == "main" && m.Text("event") == "request" && m.At("user_messages").ValueKind == JsonValueKind.Array);

    private static List<string> Users(JsonElement request) => [.. request.At("user_messages").EnumerateArray().Select(m => m.GetString()!)];

    private void Furnish(ProjectJson project)
    {
        foreach (var (name, text) in _setup.Files)
        {
            var file = Path.Combine(Trial.Site.Home.Path, "homes", project.Id, "coder", name);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }
    }

    private static string Entry(Preset preset, string[] command, RehearsalSetup setup)
    {
        var text = new StringBuilder($"adapter: {preset.Adapter}\n    home: isolated\n    command: {JsonSerializer.Serialize(command)}\n");
        if (setup.Model is { } model) text.Append($"    model: {model}\n");
        if (setup.Environment.Count > 0) text.Append("    environment:\n      set:\n");
        foreach (var (name, value) in setup.Environment) text.Append($"        {name}: {JsonSerializer.Serialize(value)}\n");
        return text.ToString().TrimEnd();
    }
}
