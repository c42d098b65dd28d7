using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Drover.EndToEnd.Cli;

/// <summary>A user's place: a repository, a DROVER_HOME of its own, and the built <c>drover</c>.</summary>
internal sealed class Workplace : IDisposable
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(300);

    private readonly DirectoryInfo _top = Directory.CreateTempSubdirectory("drover e2e ü ");

    public Workplace()
    {
        Repository = Directory.CreateDirectory(Path.Combine(_top.FullName, "my shop")).FullName;
        Run("git", ["init", "-q", "-b", "trunk"]);
        Run("git", ["-c", "user.name=Ann", "-c", "user.email=ann@example.org", "commit", "-q", "--allow-empty", "-m", "First"]);
    }

    public string Repository { get; }

    public string Home => Path.Combine(_top.FullName, "home");

    public Ended Drover(params string[] arguments) => DroverWith(new Dictionary<string, string>(), arguments);

    /// <summary>The answer as JSON; the command must succeed.</summary>
    public JsonElement Json(params string[] arguments)
    {
        var ended = Drover([.. arguments, "--json"]);
        Assert.True(ended.ExitCode == 0, $"drover {string.Join(' ', arguments)}: {ended.Error}");
        return JsonDocument.Parse(ended.Output).RootElement;
    }

    public Ended DroverIn(string directory, string input, IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        Run(Program, arguments, directory, input, environment);

    public Ended DroverWith(IReadOnlyDictionary<string, string> environment, params string[] arguments) => DroverIn(Repository, "", environment, arguments);

    public string Git(string repository, params string[] arguments)
    {
        var ended = Run("git", arguments, repository);
        Assert.True(ended.ExitCode == 0, $"git {string.Join(' ', arguments)}: {ended.Error}");
        return ended.Output;
    }

    public void Dispose()
    {
        Drover("down");
        _top.Delete(recursive: true);
    }

    private static string Program => Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "../../Drover.Cli", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "drover"));

    private Ended Run(string program, string[] arguments, string? directory = null, string input = "", IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory ?? Repository,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("DROVER_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        start.Environment["DROVER_HOME"] = Home;
        // A server that a test kills would leave its runtime's pipes in the temporary directory.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading all of it, which its exit code tells.
        }

        if (!process.WaitForExit(DefaultTimeout))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', arguments)} did not end");
        }

        return new(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }
}

internal sealed record Ended(int ExitCode, string Output, string Error);
