using System.Diagnostics;
using System.Globalization;
using Drover.Core;
using Drover.Node;
using Drover.Node.Containing;
using Drover.Node.Keeping;
using Xunit;

namespace Drover.Server.Tests.Keeping;

public sealed class ContainingTests : IAsyncDisposable
{
    private static readonly TimeSpan Grace = Jobs.DefaultTimeout;

    private readonly Jobs _jobs = new();

    /// <summary>How long the strays of this test sleep: the number by which they are known, whatever else they have shed.</summary>
    private readonly string _nap = (80_000_000 + Random(1_000_000)).ToString(CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        await _jobs.DisposeAsync();
        foreach (var pid in Strays()) Native.Kill(pid, Native.SigKill);
    }

    [Theory]
    [InlineData(Containment.PidNamespace)]
    [InlineData(Containment.Cgroup)]
    [InlineData(Containment.Scan)]
    public async Task A_child_that_forks_twice_and_sheds_session_environment_and_directory_does_not_outlive_its_job(Containment level)
    {
        var job = await Start(level, Escape("exec sleep 1000"));
        await Jobs.Until(() => Strays().Count == 1);
        Assert.Equal(level, ((JobState.Running)Keeper.Look(job)).Containment);

        var stop = await Jobs.Stop(job);

        Assert.True(stop is StopResult.Verified, stop.ToString());
        Assert.Empty(Strays());
        Assert.Equal(new JobState.Exited(128 + Native.SigKill), Keeper.Look(job));
    }

    [Theory]
    [InlineData(Containment.PidNamespace)]
    [InlineData(Containment.Cgroup)]
    [InlineData(Containment.Scan)]
    public async Task What_an_agent_leaves_behind_when_it_exits_is_ended_too(Containment level)
    {
        var job = await Start(level, Escape("until [ -e ready ]; do sleep 0.01; done; exit 5"));
        await Jobs.Until(() => Strays().Count == 1);
        File.WriteAllText(Path.Combine(_jobs.WorkingDirectory, "ready"), "");
        Assert.Equal(5, await Jobs.ExitCode(job));

        var stop = await Jobs.Stop(job, Grace);

        Assert.True(stop is StopResult.Verified, stop.ToString());
        Assert.Empty(Strays());
        Assert.Equal(new JobState.Exited(5), Keeper.Look(job));
    }

    [Theory]
    [InlineData(Containment.PidNamespace)]
    [InlineData(Containment.Cgroup)]
    [InlineData(Containment.Scan)]
    public async Task An_agent_may_end_by_itself_when_told_to(Containment level)
    {
        var job = await Start(level, "trap 'echo bye; exit 9' TERM; echo ready; while :; do sleep 0.05; done");
        await Jobs.Until(() => File.ReadAllText(job.Out) == "ready\n");

        var stop = await Jobs.Stop(job, Grace);

        Assert.True(stop is StopResult.Verified, stop.ToString());
        Assert.Equal("ready\nbye\n", File.ReadAllText(job.Out));
        Assert.Equal(new JobState.Exited(9), Keeper.Look(job));
    }

    [Fact]
    public async Task A_process_that_forks_all_the_time_is_ended()
    {
        var job = await Start(Containment.Scan, $"fork() {{ sh -c \"sleep {_nap}\" & }}; trap '' TERM; while :; do fork; fork; sleep 0.01; done");
        await Jobs.Until(() => Strays().Count > 10);

        var stop = await Jobs.Stop(job, TimeSpan.FromMilliseconds(100));

        Assert.True(stop is StopResult.Verified, stop.ToString());
        Assert.Empty(Strays());
    }

    [Fact]
    public async Task Without_an_adopting_keeper_a_search_never_claims_to_have_found_all()
    {
        var job = _jobs.Make();
        var state = await Keeper.EnsureStarted(job, _jobs.Shell(Escape("exec sleep 1000")), perl: null, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.True(state is JobState.Running, state.ToString());
        await Jobs.Until(() => Strays().Count == 1);

        var stop = Assert.IsType<StopResult.MayHaveEscaped>(await Jobs.Stop(job));

        Assert.Empty(stop.Pids);
        Assert.IsType<JobState.Exited>(Keeper.Look(job));
    }

    [Fact]
    public async Task An_orphan_below_the_working_directory_is_found_without_its_keeper_and_its_environment()
    {
        var job = await Start(Containment.Scan, $"setsid env -i /bin/sh -c 'sleep {_nap} &'; exec sleep 1000");
        await Jobs.Until(() => Strays().Count == 1);
        Signals.Send(((JobState.Running)Keeper.Look(job)).Keeper, Native.SigKill);
        await Jobs.Until(() => Keeper.Look(job) is JobState.Gone);

        var stop = await Jobs.Stop(job);

        Assert.IsType<StopResult.MayHaveEscaped>(stop);
        Assert.Empty(Strays());
    }

    [Fact]
    public async Task A_humans_process_in_the_working_directory_is_left_alone()
    {
        var job = await Start(Containment.Scan, "exec sleep 1000");
        using var human = Process.Start(new ProcessStartInfo("sleep", [_nap]) { WorkingDirectory = _jobs.WorkingDirectory })!;

        await Jobs.Stop(job);

        Assert.False(human.HasExited);
        human.Kill();
    }

    [Fact]
    public async Task A_keeper_killed_together_with_its_sandbox_leaves_an_empty_namespace()
    {
        var job = await Start(Containment.PidNamespace, Escape("exec sleep 1000"));
        await Jobs.Until(() => Strays().Count == 1);

        Signals.Send(((JobState.Running)Keeper.Look(job)).Keeper, Native.SigKill);
        var stop = await Jobs.Stop(job);

        Assert.True(stop is StopResult.Verified, stop.ToString());
        Assert.Empty(Strays());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_stop_in_the_middle_of_a_start_leaves_nothing(int seed)
    {
        Assert.SkipWhen(Programs.Find("perl") is null, "without perl no keeper adopts orphans");
        var random = new Random(seed);
        for (var i = 0; i < 8; i++)
        {
            var job = _jobs.Make();
            var starting = Task.Run(() => Jobs.Start(job, _jobs.Shell($"sleep {_nap} & exec sleep {_nap}")));
            var moment = random.Next(5);
            await Jobs.Until(() => starting.IsCompleted || (Directory.Exists(job.Path) && moment-- <= 0));

            var stop = await Jobs.Stop(job);
            var state = await starting;

            Assert.True(stop is StopResult.Verified or StopResult.MayHaveEscaped { Pids: [] }, $"seed {seed}, {i}: {state}, {stop}");
            Assert.True(Strays().Count == 0, $"seed {seed}, {i}: {state}, {stop}");
            Assert.False(Keeper.Look(job) is JobState.Running, $"seed {seed}, {i}: {state}, {stop}");
        }
    }

    [Fact]
    public async Task A_stopped_job_never_starts()
    {
        var job = _jobs.Make();
        Directory.CreateDirectory(job.Path);
        await Jobs.Stop(job);

        Assert.Equal(new JobState.NotStarted("the job was stopped before it started"), await Jobs.Start(job, _jobs.Shell("echo ran")));
    }

    [Fact]
    public async Task Stopping_what_never_started_and_stopping_twice_is_verified()
    {
        var job = _jobs.Make();
        Assert.IsType<StopResult.Verified>(await Jobs.Stop(job));
        await Jobs.Start(job, _jobs.Shell("exec sleep 1000"));

        Assert.IsType<StopResult.Verified>(await Jobs.Stop(job));
        Assert.IsType<StopResult.Verified>(await Jobs.Stop(job));
    }

    private async Task<JobDirectory> Start(Containment level, string script)
    {
        var job = _jobs.Make();
        var spec = _jobs.Shell(script);
        switch (level)
        {
            case Containment.PidNamespace:
                var bwrap = Programs.Find("bwrap");
                Assert.SkipWhen(bwrap is null, "bubblewrap is not installed");
                var works = await Drover.Node.Sandboxing.SandboxProbe.Try(TimeProvider.System, TestContext.Current.CancellationToken);
                Assert.SkipUnless(works is Drover.Node.Sandboxing.SandboxProbe.Works, works.ToString());
                spec = spec with
                {
                    Arguments = [bwrap!, "--unshare-pid", "--die-with-parent", "--dev-bind", "/", "/", "--proc", "/proc", "--chdir", spec.WorkingDirectory, "--", .. spec.Arguments],
                    Containment = new Hold.PidNamespace(),
                };
                break;
            case Containment.Cgroup:
                var ladder = await Ladder.Probe(TimeProvider.System, TestContext.Current.CancellationToken);
                Assert.SkipWhen(ladder.CgroupParent is null, $"no cgroup: {ladder.WhyNoCgroup}");
                spec = spec with { Containment = ladder.Unsandboxed };
                break;
            case Containment.Scan:
                Assert.SkipWhen(Programs.Find("perl") is null, "without perl no keeper adopts orphans");
                break;
        }

        var state = await Jobs.Start(job, spec);
        Assert.True(state is JobState.Running, state.ToString());
        return job;
    }

    private string Escape(string then) => $"setsid env -i /bin/sh -c 'cd / && sleep {_nap} & exit'; {then}";

    private List<int> Strays() => [.. ProcessTable.Read().Keys.Where(p => Words(p).SequenceEqual(["sleep", _nap]))];

    private static string[] Words(int pid)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cmdline")).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static int Random(int below) => new Random(Guid.NewGuid().GetHashCode()).Next(below);
}
