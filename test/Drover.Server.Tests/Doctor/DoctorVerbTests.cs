using System.Diagnostics;
using System.Text.Json;
using Drover.Api;
using Drover.Server.Doctor;
using Drover.Server.Verbs;
using Xunit;

namespace Drover.Server.Tests.Doctor;

public sealed class DoctorVerbTests : IDisposable
{
    private const string Good = "agents: { coder: { adapter: acp, command: [there] } }\ngates: [make test]\n";
    private readonly string _base = Directory.CreateTempSubdirectory("drover-doctor-").FullName;
    private readonly StringWriter _output = new(), _errors = new();

    private string Repo => Path.Combine(_base, "repo");

    private string Home => Path.Combine(_base, "home");

    public DoctorVerbTests() => Directory.CreateDirectory(Repo);

    public void Dispose() => Directory.Delete(_base, recursive: true);

    [Fact]
    public async Task Everything_that_Drover_needs_is_looked_at()
    {
        Commit(Good);

        var findings = await Examine();

        Assert.Equal(["machine", "inotify", "git", "sqlite", "sandbox", "containment", "home", "disk", "socket", "project", "agents", "server"], findings.Select(f => f.About).Distinct());
        Assert.DoesNotContain(findings, f => f.Grade == Grade.Fail);
        Assert.Contains(findings, f => f.Text == "does not run; drover up starts it");
    }

    [Fact]
    public async Task A_broken_configuration_fails_with_its_lines_and_the_exit_code_says_so()
    {
        Commit("agents: { coder: { adapter: acpp } }\nmerge: x\n");

        Assert.Equal(ExitCodes.Failed, await DoctorVerb.Run(["--json", "--quick"], Io(), _ => null, TimeProvider.System));

        using var answer = JsonDocument.Parse(_output.ToString());
        Assert.False(answer.RootElement.GetProperty("ok").GetBoolean());
        var texts = answer.RootElement.GetProperty("findings").EnumerateArray().Where(f => f.GetProperty("grade").GetString() == "fail").Select(f => f.GetProperty("text").GetString()!).ToArray();
        Assert.Contains(texts, t => t.Contains("drover.yaml:1:29: agents.coder.adapter: 'acpp' is not known"));
        Assert.Contains(texts, t => t.Contains("drover.yaml:2:8: merge: 'x' is not known"));
    }

    [Fact]
    public async Task An_edit_that_is_not_committed_is_pointed_out()
    {
        Commit(Good);
        File.AppendAllText(Path.Combine(Repo, "drover.yaml"), "merge: auto\n");

        Assert.Contains(await Examine(), f => f is { About: "project", Grade: Grade.Warn, Advice: "git add drover.yaml && git commit" });
    }

    [Fact]
    public async Task Outside_of_a_repository_the_rest_is_still_examined()
    {
        var findings = await Examine();

        Assert.Contains(findings, f => f.About == "project" && f.Text.Contains("is no git repository"));
        Assert.Contains(findings, f => f is { About: "agents", Grade: Grade.Warn });
    }

    [Fact]
    public async Task A_state_directory_that_others_can_enter_is_a_warning()
    {
        Directory.CreateDirectory(Home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead);

        Assert.Contains(await Examine(), f => f is { About: "home", Grade: Grade.Warn } && f.Advice == $"chmod 700 '{Home}'");
    }

    [Fact]
    public async Task A_broken_machine_file_fails_and_the_defaults_hold_for_the_rest()
    {
        Directory.CreateDirectory(Home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(Path.Combine(Home, "config.yaml"), "disk_floor: much\n");

        Assert.Contains(await Examine(), f => f is { About: "settings", Grade: Grade.Fail } && f.Text.StartsWith($"{Home}/config.yaml:1:13: disk_floor: 'much' is not a size", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Too_little_room_on_the_disk_fails()
    {
        Directory.CreateDirectory(Home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(Path.Combine(Home, "config.yaml"), "disk_floor: 900000 TB\n");

        Assert.Contains(await Examine(), f => f is { About: "disk", Grade: Grade.Fail });
    }

    [Theory]
    [InlineData("'--slow' is not understood", "--slow")]
    [InlineData("--agent needs a value", "--agent")]
    [InlineData("--quick proves no agents; leave it out, or the others", "--quick", "--renew")]
    [InlineData("a program or a command needs --agent, once", "--program", "/bin/true")]
    [InlineData("a program or a command needs --agent, once", "--agent", "a", "--agent", "b", "--", "/bin/true")]
    [InlineData("after -- a command is missing", "--agent", "a", "--")]
    public async Task What_cannot_be_meant_is_refused_with_the_usage(string why, params string[] args)
    {
        Assert.Equal(ExitCodes.Usage, await DoctorVerb.Run(args, Io(), _ => null, TimeProvider.System));

        Assert.Contains($"drover: {why}\nusage: drover doctor", _errors.ToString());
    }

    [Theory]
    [InlineData("nobody", "there is no agent 'nobody' in drover.yaml, and no known program or adapter of that name; known are claude, ")]
    [InlineData("acp", "the adapter acp has no program of its own: name its command after --")]
    [InlineData("claude", "there is no program claude; Claude Code is installed by: npm install")]
    public async Task An_agent_that_is_not_there_is_named_with_what_to_do(string name, string why)
    {
        Assert.Equal(ExitCodes.NotFound, await DoctorVerb.Run(["--agent", name], Io(), _ => null, TimeProvider.System));

        Assert.Contains($"drover: {why}", _errors.ToString());
    }

    private async Task<IReadOnlyList<Finding>> Examine() =>
        (await new DoctorVerb(DoctorOptions.Read([], out _)!, Io(), p => p == "there" ? "/usr/bin/there" : null, TimeProvider.System).Look(default)).Findings;

    private VerbIo Io() => new(Repo, DroverHome.At(Home), _output, _errors);

    private void Commit(string config)
    {
        File.WriteAllText(Path.Combine(Repo, "drover.yaml"), config);
        Git("init", "-q");
        Git("add", "-A");
        Git("commit", "-q", "-m", "first");
    }

    private void Git(params string[] args)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-c", "user.name=Test", "-c", "user.email=test@example.com", .. args]) { WorkingDirectory = Repo })!;
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
    }
}
