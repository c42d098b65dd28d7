using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Drover.Agents;
using Drover.Api;
using Drover.Node;
using Drover.Node.Merging;
using Drover.Node.Repositories;
using Drover.Server.Config;
using Drover.Server.Init;

namespace Drover.Server.Demo;

/// <summary>The demo's directory: the sample repository, and beside it a state directory that nobody else uses.</summary>
internal sealed record DemoPlace(string Top)
{
    /// <summary>The roster's one entry, as the settings below name it.</summary>
    private const string Coder = "coder";

    public string Repository => Path.Combine(Top, "textkit");

    public DroverHome Home => DroverHome.At(Path.Combine(Top, "home"));

    public string ModelLog => Path.Combine(Top, "model.log");

    public static DemoPlace Make() => new(CanonicalPath.Of(Directory.CreateTempSubdirectory("drover-demo-").FullName));

    /// <summary>Writes the sample project and commits it.</summary>
    /// <param name="rehearsal">How the agent reaches the model server when it is rehearsed.</param>
    public async Task<Repository> Fill(Git git, Preset agent, DemoCast cast, RehearsalSetup? rehearsal, CancellationToken token)
    {
        foreach (var (name, text) in SampleFiles.All.Append(new(ConfigFile.Name, Config(agent, cast, rehearsal))))
        {
            var path = Path.Combine(Repository, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, text, token);
        }

        return await NewRepository.Make(git, Repository, SampleFiles.Branch, new Committer("Drover's demo", "demo@drover.example"), "Some functions and their tests", token);
    }

    /// <summary>Writes what the rehearsed agent needs in its home, before it is started there.</summary>
    public async Task Furnish(string project, RehearsalSetup rehearsal, CancellationToken token)
    {
        foreach (var (name, text) in rehearsal.Files)
        {
            var path = Path.Combine(Home.Path, "homes", project, Coder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            await File.WriteAllTextAsync(path, text, token);
        }
    }

    private static string Config(Preset agent, DemoCast cast, RehearsalSetup? rehearsal)
    {
        var text = new StringBuilder("""
            # The demo's settings. `drover init` writes such a file for your own repository.
            name: textkit
            prefix: DEMO

            agents:
              coder:

            """);
        var command = agent.Command.Concat(rehearsal?.Arguments ?? []).Select(StartingConfig.Quote);
        text.Append(CultureInfo.InvariantCulture, $"    adapter: {agent.Adapter}\n    command: [{string.Join(", ", command)}]\n    roles: [coder]\n    count: 3\n");
        if (cast != DemoCast.Live) text.Append("    home: isolated\n");
        if (rehearsal?.Model is { } model) text.Append(CultureInfo.InvariantCulture, $"    model: {StartingConfig.Quote(model)}\n");
        if (rehearsal is { Environment.Count: > 0 })
        {
            text.Append("    environment:\n      set:\n");
            foreach (var (name, value) in rehearsal.Environment) text.Append(CultureInfo.InvariantCulture, $"        {name}: {StartingConfig.Quote(value)}\n");
        }

        text.Append("""

            gates:
              - name: test
                run: [node, --test]
                timeout: 2m

            # Nobody is asked: what passes the gate lands.
            merge: auto

            """);
        if (BelowHome() is { Count: > 0 } hidden)
            text.Append(CultureInfo.InvariantCulture, $"\n# Inside the sandbox your home is an empty one, but these are needed from it.\nsandbox:\n  read: [{string.Join(", ", hidden.Select(StartingConfig.Quote))}]\n");
        return text.ToString();
    }

    /// <summary>Where Node and .NET are, as far as that is in the user's home.</summary>
    private static List<string> BelowHome()
    {
        var node = Programs.Find("node") is { } found ? Path.GetDirectoryName(Path.GetDirectoryName(CanonicalPath.Of(found))) : null;
        string?[] needed = [node, Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."))];
        var home = CanonicalPath.Of(Runs.Environments.UserHome) + "/";
        return [.. needed.OfType<string>().Select(p => p.TrimEnd('/')).Where(p => (p + "/").StartsWith(home, StringComparison.Ordinal) && p.Length >= home.Length).Distinct()];
    }
}
