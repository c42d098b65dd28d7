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
}
