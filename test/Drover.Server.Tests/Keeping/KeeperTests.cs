using System.Diagnostics;
using Drover.Core;
using Drover.Node;
using Drover.Node.Containing;
using Drover.Node.Keeping;
using Xunit;

namespace Drover.Server.Tests.Keeping;

public sealed class KeeperTests : IAsyncDisposable
{
    private readonly Jobs _jobs = new();

    public ValueTask DisposeAsync() => _jobs.DisposeAsync();

    [Fact]
    [Trait("row", "H14")]
    public async Task A_job_reads_what_is_appended_and_its_exit_code_is_kept()
    {
        var job = await _jobs.StartShell("while read -r line; do echo \"got $line\"; done; echo bye >&2; exit 7");
        Jobs.Append(job, "one\ntwo\n");
        await Jobs.Until(() => File.ReadAllText(job.Out) == "got one\ngot two\n");

        var end = await InputFile.End(job, Jobs.DefaultTimeout, TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.IsType<InputEnd.Delivered>(end);
        Assert.Equal(7, await Jobs.ExitCode(job));
        Assert.Equal("bye\n", File.ReadAllText(job.Err));
    }

    [Fact]
    public async Task Starting_twice_adopts_the_keeper_that_runs()
    {
        var job = _jobs.Make();
        var spec = _jobs.Shell("echo started; read -r line");

        var first = Assert.IsType<JobState.Running>(await Jobs.Start(job, spec));
        var second = Assert.IsType<JobState.Running>(await Jobs.Start(job, spec));

        Assert.Equal(first.Keeper, second.Keeper);
        await Jobs.Until(() => File.ReadAllText(job.Out) == "started\n");
    }

    [Fact]
    public async Task Of_many_starts_at_the_same_time_one_keeps_the_job()
    {
        var job = _jobs.Make();
        var spec = _jobs.Shell("echo started; read -r line");

        var states = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Jobs.Start(job, spec))));

        await Jobs.Until(() => Keeper.Look(job) is JobState.Running);
        var keeper = ((JobState.Running)Keeper.Look(job)).Keeper;
        Assert.All(states, s => Assert.True(s is JobState.Beginning || (s is JobState.Running r && r.Keeper == keeper), s.ToString()));
        await Jobs.Until(() => File.ReadAllText(job.Out).Length > 0);
        Assert.Equal("started\n", File.ReadAllText(job.Out));
    }

    [Fact]
    public async Task A_job_that_has_ended_is_not_started_again()
    {
        var job = await _jobs.StartShell("echo once; exit 3");
        await Jobs.ExitCode(job);

        var again = await Jobs.Start(job, _jobs.Shell("echo twice"));

        Assert.Equal(new JobState.Exited(3), again);
        Assert.Equal("once\n", File.ReadAllText(job.Out));
    }

    [Fact]
    public async Task A_signal_gives_128_and_its_number()
    {
        var job = await _jobs.StartShell("kill -SEGV $$");

        Assert.Equal(128 + 11, await Jobs.ExitCode(job));
    }

    [Fact]
    public async Task A_command_that_does_not_exist_says_so_and_exits_with_127()
    {
        var job = _jobs.Make();

        await Jobs.Start(job, _jobs.Command(["no-such-agent", "--flag"]));

        Assert.Equal(127, await Jobs.ExitCode(job));
        Assert.Contains("no-such-agent", File.ReadAllText(job.Err));
    }

    [Fact]
    public async Task An_agent_that_signals_its_whole_group_ends_neither_its_keeper_nor_its_input()
    {
        var job = await _jobs.StartShell("trap : TERM HUP INT; kill -TERM 0; kill -HUP 0; kill -INT 0; echo alive; read -r line; echo \"got $line\"; exit 6");
        await Jobs.Until(() => File.ReadAllText(job.Out) == "alive\n");

        Jobs.Append(job, "on\n");

        Assert.Equal(6, await Jobs.ExitCode(job));
        Assert.Equal("alive\ngot on\n", File.ReadAllText(job.Out));
    }

    [Fact]
    public async Task The_keeper_is_kept_by_any_shell()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "there is no bash");
        var job = _jobs.Make();
        var spec = _jobs.Shell("read -r line; echo \"got $line\"; echo $PWD; sleep 1000 & exit 3");
        Keeper.Prepare(job, spec);
        var sh = Path.Combine(_jobs.Root, "sh");
        File.CreateSymbolicLink(sh, "/bin/bash");
        var command = Launcher.Command(job, spec, cgroup: null, Drover.Node.Programs.Find("perl"));
        var at = command.ArgumentList.IndexOf("/bin/sh");
        command.ArgumentList[at] = sh;

        Assert.Null(await Launcher.Launch(command, Jobs.DefaultTimeout, TimeProvider.System, TestContext.Current.CancellationToken));
        Assert.IsType<JobState.Running>(Keeper.Look(job));
        Jobs.Append(job, "on\n");

        Assert.Equal(3, await Jobs.ExitCode(job));
        Assert.Equal($"got on\n{_jobs.WorkingDirectory}\n", File.ReadAllText(job.Out));
        Assert.IsType<StopResult.Verified>(await Jobs.Stop(job));
    }

    [Fact]
    public async Task A_working_directory_that_is_gone_is_a_failure_to_run()
    {
        var job = _jobs.Make();

        await Jobs.Start(job, _jobs.Shell("echo ran") with { WorkingDirectory = Path.Combine(_jobs.Root, "nowhere") });

        Assert.Equal(126, await Jobs.ExitCode(job));
        Assert.Equal("", File.ReadAllText(job.Out));
    }

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
    public async Task A_keeper_killed_with_its_agent_alive_is_gone_and_the_agent_is_still_found()
    {
        var job = await _jobs.StartShell("echo $$; exec sleep 1000");
        var keeper = ((JobState.Running)Keeper.Look(job)).Keeper;
        await Jobs.Until(() => File.ReadAllText(job.Out).EndsWith('\n'));
        var agent = int.Parse(File.ReadAllText(job.Out), System.Globalization.CultureInfo.InvariantCulture);

        Signals.Send(keeper, Native.SigKill);
        await Jobs.Until(() => Keeper.Look(job) is JobState.Gone, () => Keeper.Look(job).ToString());
        var stop = await Jobs.Stop(job);

        Assert.IsType<StopResult.MayHaveEscaped>(stop);
        Assert.True(ProcessTable.TryReadRow(agent) is null or { IsDead: true });
    }

    [Fact]
    public async Task A_keeper_that_died_before_it_said_who_it_is_is_gone()
    {
        var job = await _jobs.StartShell("exit 0");
        await Jobs.ExitCode(job);
        await Jobs.Stop(job);
        File.Delete(job.Exit);
        File.Delete(job.Identity);

        Assert.IsType<JobState.Gone>(Keeper.Look(job));
    }

    [Fact]
    public async Task A_beginning_keeper_is_known_by_its_marker()
    {
        var job = await _jobs.StartShell("read -r line");
        var identity = File.ReadAllText(job.Identity);
        File.Delete(job.Identity);

        Assert.IsType<JobState.Beginning>(Keeper.Look(job));

        File.WriteAllText(job.Identity, identity);
        Assert.IsType<JobState.Running>(Keeper.Look(job));
    }

    [Fact]
    public async Task An_identity_of_another_boot_is_gone_and_an_empty_one_is_none()
    {
        var job = await _jobs.StartShell("exit 0");
        await Jobs.ExitCode(job);
        await Jobs.Stop(job);
        File.Delete(job.Exit);
        var identity = File.ReadAllText(job.Identity);

        File.WriteAllText(job.Identity, identity.Replace(BootClock.BootId, "11111111-2222-3333-4444-555555555555", StringComparison.Ordinal));
        Assert.Equal(new JobState.Gone("the machine was restarted"), Keeper.Look(job));

        File.WriteAllText(job.Identity, "");
        Assert.IsType<JobState.Gone>(Keeper.Look(job));
    }

    [Fact]
    public async Task A_pid_given_to_another_process_is_not_the_keeper()
    {
        var job = await _jobs.StartShell("exit 0");
        await Jobs.ExitCode(job);
        await Jobs.Stop(job);
        File.Delete(job.Exit);
        var fields = File.ReadAllText(job.Identity).Split(' ');
        fields[0] = Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture);
        File.WriteAllText(job.Identity, string.Join(' ', fields));

        Assert.IsType<JobState.Gone>(Keeper.Look(job));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-c")]
    [InlineData("a\0b")]
    public async Task What_no_machine_can_run_is_refused(string program) =>
        await Assert.ThrowsAsync<ArgumentException>(() => Jobs.Start(_jobs.Make(), _jobs.Command([program])));

    [Fact]
    public async Task The_keeper_has_left_when_the_agent_has_ended()
    {
        var job = await _jobs.StartShell("exit 0");
        await Jobs.ExitCode(job);
        var identity = Identity.Read(job)!;

        await Jobs.Until(() => Enumerable.All([identity.Keeper, identity.Pump], p => ProcessTable.Look(p.Pid, p.StartTime) == Probe.Dead));
    }

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
