using Drover.Node.Containing;
using Drover.Node.Keeping;
using Xunit;

namespace Drover.Server.Tests.Keeping;

public sealed class KeptStartTests : IAsyncDisposable
{
    private readonly Jobs _jobs = new();

    public ValueTask DisposeAsync() => _jobs.DisposeAsync();

    [Fact]
    public async Task Arguments_arrive_as_they_are()
    {
        string[] arguments = ["", "two words", "$(touch pwned)", "`id`", "a'b\"c", "*", "-n", "ünï\nline", "REAPER", "\u0001"];
        var job = await _jobs.StartShell("for a in \"$@\"; do printf '%s\\0' \"$a\"; done", arguments);

        await Jobs.ExitCode(job);

        Assert.Equal(string.Concat(arguments.Select(a => a + "\0")), File.ReadAllText(job.Out));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_jobs.WorkingDirectory));
    }

    [Fact]
    public async Task The_environment_is_the_given_one_with_the_marker_and_stands_in_no_command_line()
    {
        var job = _jobs.Make();
        var spec = _jobs.Command(["env", "-0"]) with
        {
            Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin", ["SECRET"] = "hush\n$(id) 'x'", ["HOME"] = "/nowhere" },
        };

        await Jobs.Start(job, spec);
        await Jobs.ExitCode(job);

        var seen = File.ReadAllText(job.Out).Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(v => !v.StartsWith("_=", StringComparison.Ordinal) && !v.StartsWith("SHLVL=", StringComparison.Ordinal));
        Assert.Equal(
            [$"DROVER_RUN={job.Id}", "HOME=/nowhere", "PATH=/usr/bin:/bin", $"PWD={_jobs.WorkingDirectory}", "SECRET=hush\n$(id) 'x'"],
            seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task No_value_of_the_environment_stands_in_a_command_line()
    {
        var job = _jobs.Make();
        var spec = _jobs.Shell("read -r line") with { Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin", ["SECRET"] = "hush-" + job.Id } };

        var keeper = Assert.IsType<JobState.Running>(await Jobs.Start(job, spec)).Keeper;

        var lines = ProcessTable.Read().Keys.ToDictionary(p => p, p => ReadOrNothing($"/proc/{p}/cmdline"));
        Assert.Contains(job.Id.Value, lines[keeper.Pid], StringComparison.Ordinal);
        Assert.DoesNotContain(lines.Values, l => l.Contains("hush-" + job.Id, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("perl")]
    [InlineData("a launcher that is not there")]
    public async Task The_agent_starts_with_default_signals_in_a_session_of_its_own(string launcher)
    {
        var job = _jobs.Make();
        var spec = _jobs.Shell("exec cat /proc/self/status /proc/self/stat");
        await Keeper.EnsureStarted(job, spec, Drover.Node.Programs.Find(launcher), TimeProvider.System, TestContext.Current.CancellationToken);
        await Jobs.ExitCode(job);

        var text = File.ReadAllText(job.Out);
        var status = text.Split('\n');
        Assert.Contains("SigIgn:\t0000000000000000", status);
        Assert.Contains("SigBlk:\t0000000000000000", status);
        Assert.Contains("SigCgt:\t0000000000000000", status);
        var pid = status.Single(l => l.StartsWith("Pid:", StringComparison.Ordinal))["Pid:\t".Length..];
        var session = text[text.LastIndexOf(')')..].Split(' ')[4];
        Assert.Equal(pid, session);
    }

    [Fact]
    public async Task The_agent_holds_no_file_of_the_keeper_but_its_own_three()
    {
        var job = await _jobs.StartShell("ls -l /proc/$$/fd; umask");
        await Jobs.ExitCode(job);

        var descriptors = File.ReadAllLines(job.Out).Where(l => l.Contains("->", StringComparison.Ordinal)).ToArray();
        Assert.True(descriptors.Length == 3, string.Join('\n', descriptors));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(job.Path));
        foreach (var file in Directory.EnumerateFiles(job.Path))
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(file) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Fact]
    public async Task A_working_directory_that_is_gone_is_a_failure_to_run()
    {
        var job = _jobs.Make();

        await Jobs.Start(job, _jobs.Shell("echo ran") with { WorkingDirectory = Path.Combine(_jobs.Root, "nowhere") });

        Assert.Equal(126, await Jobs.ExitCode(job));
        Assert.Equal("", File.ReadAllText(job.Out));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-c")]
    [InlineData("a\0b")]
    public async Task What_no_machine_can_run_is_refused(string program) =>
        await Assert.ThrowsAsync<ArgumentException>(() => Jobs.Start(_jobs.Make(), _jobs.Command([program])));

    [Theory]
    [InlineData("IFS")]
    [InlineData("A B")]
    [InlineData("1A")]
    public async Task A_variable_that_the_keeper_could_not_hand_on_is_refused(string name)
    {
        var spec = _jobs.Shell("true") with { Environment = new Dictionary<string, string> { [name] = "x" } };

        var refused = await Assert.ThrowsAsync<ArgumentException>(() => Jobs.Start(_jobs.Make(), spec));

        Assert.Contains($"'{name}'", refused.Message, StringComparison.Ordinal);
    }

    private static string ReadOrNothing(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
