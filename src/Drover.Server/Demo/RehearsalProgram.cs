using System.Diagnostics;
using System.Text.Json;
using Drover.Api;

namespace Drover.Server.Demo;

/// <summary>The program that plays the demo's script.</summary>
internal static class RehearsalProgram
{
    public const string Script = "builtin:demo";

    /// <summary>Beside this program, as it is installed and as it is built; null when it is not there.</summary>
    public static string? Find()
    {
        var here = AppContext.BaseDirectory;
        var build = Path.GetFileName(Path.TrimEndingDirectorySeparator(here));
        string[] places = [Path.Combine(here, "drover-rehearsal"), Path.GetFullPath(Path.Combine(here, "../../Drover.Rehearsal", build, "drover-rehearsal"))];
        return Array.Find(places, File.Exists);
    }
}

/// <summary>The model server, for as long as the demo lasts.</summary>
internal sealed class RehearsedModel : IDisposable
{
    private readonly Process _process;

    private RehearsedModel(Process process, string url) => (_process, Url) = (process, url);

    public string Url { get; }

    /// <exception cref="DemoFailedException">It did not come up.</exception>
    public static async Task<RehearsedModel> Start(string program, string log, CancellationToken token)
    {
        var start = ServerLaunch.Command(program, ["model", "--port", "0", "--script", RehearsalProgram.Script, "--log", log]);
        start.RedirectStandardOutput = true;
        var process = Process.Start(start) ?? throw new DemoFailedException($"{program} did not start");
        var ready = await process.StandardOutput.ReadLineAsync(token);
        if (ready is null) throw new DemoFailedException("the rehearsal's model server ended before it listened; it says why above");
        using var json = JsonDocument.Parse(ready);
        return new(process, json.RootElement.GetProperty("url").GetString()!);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit(TimeSpan.FromSeconds(10));
        _process.Dispose();
    }
}

/// <summary>The demo cannot go on; the message says why and what to do.</summary>
internal sealed class DemoFailedException(string message) : Exception(message);
