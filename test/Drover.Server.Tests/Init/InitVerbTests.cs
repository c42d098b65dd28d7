using System.Diagnostics;
using System.Text.Json;
using Drover.Agents;
using Drover.Api;
using Drover.Server.Config;
using Drover.Server.Init;
using Drover.Server.Verbs;
using Xunit;

namespace Drover.Server.Tests.Init;

public sealed class InitVerbTests : IDisposable
{
    private readonly string _root = Path.Combine(Directory.CreateTempSubdirectory("drover-init-").FullName, "mein lädchen");
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    public InitVerbTests() => Directory.CreateDirectory(_root);

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_root)!, recursive: true);

    [Fact]
    public async Task A_repository_gets_a_file_that_is_right_and_the_next_steps_are_named()
    {
        Git("init", "-q", "-b", "trunk");
        File.WriteAllText(Path.Combine(_root, "Makefile"), "test:\n\ttrue\n");
        Git("add", "-A");
        Git("commit", "-q", "-m", "first");

        Assert.Equal(ExitCodes.Done, await Init([], "claude"));

        var config = ConfigFile.ReadProject(File.ReadAllBytes(Path.Combine(_root, "drover.yaml")), "drover.yaml", [.. Adapters.All.Select(a => a.Name)], "x").Value!;
        Assert.Equal("mein lädchen", config.Name);
        Assert.Equal(["make", "test"], Assert.Single(config.Gates).Arguments);
        Assert.Contains("/opt/bin/claude", _output.ToString());
        Assert.Contains("before anything lands on trunk", _output.ToString());
        Assert.Contains("git add drover.yaml && git commit -m 'Set up Drover'\n            drover up", _output.ToString());
    }

    [Fact]
    public async Task In_a_directory_below_the_root_the_file_is_still_written_at_the_root()
    {
        Git("init", "-q");
        Git("commit", "-q", "--allow-empty", "-m", "first");
        var below = Directory.CreateDirectory(Path.Combine(_root, "src", "deep")).FullName;

        Assert.Equal(ExitCodes.Done, await Init(below, []));

        Assert.True(File.Exists(Path.Combine(_root, "drover.yaml")));
    }

    [Fact]
    public async Task Without_any_commit_the_file_is_written_and_the_first_commit_is_the_next_step()
    {
        Git("init", "-q");

        Assert.Equal(ExitCodes.Done, await Init(["--json"]));

        using var answer = JsonDocument.Parse(_output.ToString());
        Assert.False(answer.RootElement.GetProperty("hasCommits").GetBoolean());
        Assert.Equal("git add -A && git commit -m 'First commit'", answer.RootElement.GetProperty("next")[0].GetString());
        Assert.True(File.Exists(Path.Combine(_root, "drover.yaml")));
    }

    [Fact]
    public async Task Where_there_is_no_repository_nothing_is_written_and_git_init_is_named()
    {
        Assert.Equal(ExitCodes.Failed, await Init([]));

        Assert.Contains("is not a git repository\nMake it one with git init", _errors.ToString());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_root));
    }

    [Fact]
    public async Task A_bare_repository_is_refused_with_the_way_round()
    {
        Git("init", "-q");
        Git("commit", "-q", "--allow-empty", "-m", "first");
        var bare = Path.Combine(_root, "bare.git");
        Git("clone", "-q", "--bare", ".", bare);

        Assert.Equal(ExitCodes.Failed, await Init(bare, []));

        Assert.Contains("run drover init in a clone of it", _errors.ToString());
    }

    [Fact]
    public async Task A_file_that_is_there_is_replaced_only_when_that_is_asked_for()
    {
        Git("init", "-q");
        var file = Path.Combine(_root, "drover.yaml");
        File.WriteAllText(file, "mine\n");

        Assert.Equal(ExitCodes.Refused, await Init(["--json"]));
        Assert.Equal("mine\n", File.ReadAllText(file));
        using var problem = JsonDocument.Parse(_errors.ToString());
        Assert.Equal("exists", problem.RootElement.GetProperty("code").GetString());

        Assert.Equal(ExitCodes.Done, await Init(["--force"]));
        Assert.StartsWith("# Drover's settings", File.ReadAllText(file));
    }

    [Fact]
    public async Task An_option_that_is_not_known_is_a_mistake_and_writes_nothing()
    {
        Git("init", "-q");

        Assert.Equal(ExitCodes.Usage, await Init(["--forse"]));

        Assert.Contains("'--forse' is not understood\nusage: drover init", _errors.ToString());
        Assert.False(File.Exists(Path.Combine(_root, "drover.yaml")));
    }

    private Task<int> Init(string[] args, params string[] installed) => Init(_root, args, installed);

    private Task<int> Init(string directory, string[] args, params string[] installed) =>
        InitVerb.Run(args, new VerbIo(directory, DroverHome.At(Path.Combine(_root, "home")), _output, _errors), p => installed.Contains(p) ? "/opt/bin/" + p : null, TimeProvider.System, default);

    private void Git(params string[] args)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-c", "user.name=Test", "-c", "user.email=test@example.com", .. args]) { WorkingDirectory = _root })!;
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
    }
}
