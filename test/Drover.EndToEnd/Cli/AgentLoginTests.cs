using Xunit;

namespace Drover.EndToEnd.Cli;

/// <summary><c>drover agents login</c> with programs in the vendors' places that write down how they were started.</summary>
public sealed class AgentLoginTests : IDisposable
{
    private const string Secret = "sk-this-is-the-users-own-key";

    private readonly Workplace _place = new();
    private readonly DirectoryInfo _bin = Directory.CreateTempSubdirectory("drover-bin-");

    public void Dispose()
    {
        _place.Dispose();
        _bin.Delete(recursive: true);
    }

    /// <summary>Each with what comes after the program, and the variable by which it finds its home.</summary>
    private static readonly (string Name, string Program, string Entry, string Arguments, string Home)[] s_agents =
    [
        ("claude", "claude", "adapter: claude", "auth login", "CLAUDE_CONFIG_DIR"),
        ("codex", "codex", "adapter: codex", "login", "CODEX_HOME"),
        ("gemini", "gemini", "adapter: acp, command: [gemini, --acp, -m, large]", "", "HOME"),
        ("opencode", "opencode", "adapter: acp, command: [opencode, acp]", "auth login", "HOME"),
        ("pi", "pi", "adapter: pi", "", "PI_CODING_AGENT_DIR"),
        ("wrapped", "starter", "adapter: codex, command: [starter, '@openai/codex', app-server]", "@openai/codex login", "CODEX_HOME"),
    ];

    [Fact]
    public void The_vendors_own_login_runs_in_this_terminal_with_the_agents_home_and_nothing_of_the_users_own()
    {
        foreach (var (_, program, _, _, _) in s_agents) WriteShim(program);
        Commit($"agents:\n{string.Concat(s_agents.Select(a => $"  {a.Name}: {{ {a.Entry}, home: isolated }}\n"))}  own: {{ adapter: claude }}\n  strange: {{ adapter: acp, command: [starter], home: isolated }}\n");
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = $"{_bin.FullName}:{Environment.GetEnvironmentVariable("PATH")}",
            ["ANTHROPIC_API_KEY"] = Secret,
            ["OPENAI_API_KEY"] = Secret,
            ["GEMINI_API_KEY"] = Secret,
            ["XDG_DATA_HOME"] = "/of/the/user",
            ["CODEX_HOME"] = "/of/the/user",
            ["CLAUDE_CONFIG_DIR"] = "/of/the/user",
        };
        Assert.Equal(0, _place.DroverWith(environment, "up").ExitCode);

        foreach (var (name, program, _, arguments, variable) in s_agents)
        {
            var login = _place.DroverIn(_place.Repository, "typed by a human\n", environment, "agents", "login", name);

            var home = Path.Combine(_place.Home, "homes", "my-shop", name);
            Assert.True(login.ExitCode == 7, $"{name}: {login.Error}");
            Assert.Equal(["read: typed by a human", "same: 0 1 2"], login.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            Assert.Contains($"in the home {home}", login.Error, StringComparison.Ordinal);
            Assert.Contains("said on standard error", login.Error, StringComparison.Ordinal);
            Assert.Equal((Path.Combine(_bin.FullName, program), arguments), (File.ReadAllText(Noted("program")).TrimEnd(), string.Join(' ', File.ReadAllLines(Noted("arguments")))));
            var seen = File.ReadAllText(Noted("environment")).Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split('=', 2)).ToDictionary(v => v[0], v => v[1]);
            Assert.Equal((home, home), (seen["HOME"], seen[variable]));
            Assert.DoesNotContain(seen, v => v.Value is Secret or "/of/the/user" || v.Key.StartsWith("DROVER_", StringComparison.Ordinal));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(home));
        }

        var refused = (string[])["own", "strange", "nobody"];
        Assert.Equal([4, 4, 5], refused.Select(name => _place.DroverWith(environment, "agents", "login", name).ExitCode));
        Assert.False(Directory.Exists(Path.Combine(_place.Home, "homes", "my-shop", "strange")));
    }

    private string Noted(string what) => Path.Combine(_bin.FullName, $"{what}.noted");

    /// <summary>It reads what is typed, and looks whether its streams are those of the two programs above it, which is what makes a terminal its own.</summary>
    private void WriteShim(string name)
    {
        var path = Path.Combine(_bin.FullName, name);
        File.WriteAllText(path, $$"""
            #!/bin/sh
            cd '{{_bin.FullName}}'
            printf '%s\n' "$0" > program.noted
            : > arguments.noted
            [ $# -eq 0 ] || printf '%s\n' "$@" > arguments.noted
            cat /proc/$$/environ > environment.noted
            above=$(sed -n 's/^PPid:[[:space:]]*//p' /proc/$PPID/status)
            IFS= read -r typed
            echo "read: $typed"
            same=
            for n in 0 1 2; do
                mine=$(readlink /proc/$$/fd/$n)
                [ "$mine" = "$(readlink /proc/$PPID/fd/$n)" ] && [ "$mine" = "$(readlink /proc/$above/fd/$n)" ] && same="$same $n"
            done
            echo "same:$same"
            echo 'said on standard error' >&2
            exit 7

            """);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private void Commit(string roster)
    {
        File.WriteAllText(Path.Combine(_place.Repository, "drover.yaml"), roster);
        _place.Git(_place.Repository, "add", "drover.yaml");
        _place.Git(_place.Repository, "-c", "user.name=Ann", "-c", "user.email=ann@example.org", "commit", "-q", "-m", "Agents");
    }
}
