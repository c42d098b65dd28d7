using System.Diagnostics;
using Drover.Api;

namespace Drover.EndToEnd.Killing;

/// <summary>Everything of one scenario on the disk: a user's repository, a DROVER_HOME, and a directory that agents and gates share with the test.
/// Its path is in the environment or the working directory of every process that the scenario starts, so that none can hide.</summary>
internal sealed class Site : IDisposable
{
    public Site(string? home = null)
    {
        Root = Directory.CreateTempSubdirectory("drover-kill-").FullName;
        foreach (var directory in new[] { Repository, Shared, UserHome, Temporary }) Directory.CreateDirectory(directory);
        Home = DroverHome.At(home ?? Path.Combine(Root, "state"));
        Git("init", "-q", "-b", "main", ".");
        Git("config", "user.name", "Ada");
        Git("config", "user.email", "ada@example.org");
    }

    public string Root { get; }

    public DroverHome Home { get; }

    public string Repository => Path.Combine(Root, "kill");

    public string Shared => Path.Combine(Root, "shared");

    public string UserHome => Path.Combine(Root, "user");

    /// <summary>Where the server listens.</summary>
    public string Socket => Path.Combine(Temporary, "drover", Home.SocketName);

    /// <summary>What a program leaves here when it is killed, its socket and its runtime's pipes, goes away with the site.</summary>
    private string Temporary => Path.Combine(Root, "tmp");

    /// <summary>The environment of the server and of whoever talks to it: the tools' path, a home of their own, and nothing else of the user's.</summary>
    public Dictionary<string, string> Environment
    {
        get
        {
            var environment = new Dictionary<string, string>
            {
                ["DROVER_HOME"] = Home.Path,
                ["HOME"] = UserHome,
                ["LANG"] = "C.UTF-8",
                ["TMPDIR"] = Temporary,
                ["XDG_RUNTIME_DIR"] = Temporary,
            };
            foreach (var name in new[] { "PATH", "DOTNET_ROOT" })
            {
                if (System.Environment.GetEnvironmentVariable(name) is { } value) environment[name] = value;
            }

            return environment;
        }
    }

    public void Write(string name, string content)
    {
        var path = Path.Combine(Repository, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }

    public void Commit(string message)
    {
        Git("add", "-A");
        Git("commit", "-q", "-m", message);
    }

    /// <summary>A line for each time that the commands under test have written one into this file of the shared directory.</summary>
    public IReadOnlyList<string> Noted(string file)
    {
        var path = Path.Combine(Shared, file);
        return File.Exists(path) ? File.ReadAllLines(path) : [];
    }

    public string Git(params string[] arguments)
    {
        var ended = Run("git", Repository, arguments);
        return ended.Code == 0 ? ended.Output.Trim() : throw new InvalidOperationException($"git {string.Join(' ', arguments)}: {ended.Error}");
    }

    /// <summary>The built command line in the user's repository.</summary>
    public (int Code, string Output, string Error) Drover(params string[] arguments) => Run(Programs.Cli, Repository, arguments);

    public void Dispose()
    {
        Directory.Delete(Root, recursive: true);
        if (Directory.Exists(Home.Path)) Directory.Delete(Home.Path, recursive: true);
    }

    private (int Code, string Output, string Error) Run(string program, string directory, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        foreach (var (name, value) in Environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
