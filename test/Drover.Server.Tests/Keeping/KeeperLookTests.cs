using Drover.Node;
using Drover.Node.Containing;
using Drover.Node.Keeping;
using Xunit;

namespace Drover.Server.Tests.Keeping;

public sealed class KeeperLookTests : IAsyncDisposable
{
    private readonly Jobs _jobs = new();

    public ValueTask DisposeAsync() => _jobs.DisposeAsync();

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

    [Fact]
    public async Task The_keeper_has_left_when_the_agent_has_ended()
    {
        var job = await _jobs.StartShell("exit 0");
        await Jobs.ExitCode(job);
        var identity = Identity.Read(job)!;

        await Jobs.Until(() => Enumerable.All([identity.Keeper, identity.Pump], p => ProcessTable.Look(p.Pid, p.StartTime) == Probe.Dead));
    }
}
