using System.Text.Json;

namespace Drover.EndToEnd.Rehearsal;

/// <summary>The model server as a program, with its request log.</summary>
internal sealed class ModelProcess : IAsyncDisposable
{
    private readonly Talk talk;
    private readonly string log;

    private ModelProcess(Talk talk, string url, string log)
    {
        this.talk = talk;
        this.log = log;
        Url = url;
    }

    public string Url { get; }

    public IReadOnlyList<JsonElement> Log =>
        File.Exists(log) ? [.. File.ReadAllText(log).Split('\n')[..^1].Select(line => JsonSerializer.Deserialize<JsonElement>(line))] : [];

    public static Task<ModelProcess> Start(Scratch scratch, string yaml) => Start(scratch, ["--script", scratch.Script(yaml)]);

    /// <summary>With several scripts, each below <c>/s/NAME</c>.</summary>
    public static Task<ModelProcess> Start(Scratch scratch, IReadOnlyDictionary<string, string> yamls) =>
        Start(scratch, [.. yamls.SelectMany(script => new[] { "--script", $"{script.Key}={scratch.Script(script.Value)}" })]);

    private static async Task<ModelProcess> Start(Scratch scratch, string[] scripts)
    {
        var log = scratch.PathOf($"{Guid.NewGuid():N}.log");
        var talk = Talk.Start(Programs.Rehearsal, ["model", "--port", "0", "--log", log, .. scripts], scratch.Root, Surroundings.Of(scratch));
        var ready = await talk.Until(message => message.Text("url") is not null);
        return new ModelProcess(talk, ready.Text("url")!, log);
    }

    /// <summary>Waits until the log holds a line of which this is true.</summary>
    public async Task<JsonElement> Logged(Func<JsonElement, bool> isWanted)
    {
        using var bound = new CancellationTokenSource(Bounds.DefaultTimeout);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            var found = Log.FirstOrDefault(isWanted);
            if (found.ValueKind != JsonValueKind.Undefined) return found;
            await timer.WaitForNextTickAsync(bound.Token);
        }
    }

    public ValueTask DisposeAsync() => talk.DisposeAsync();
}
