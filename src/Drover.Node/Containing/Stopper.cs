using Drover.Core;
using Drover.Node.Keeping;

namespace Drover.Node.Containing;

/// <summary>Ends a job: TERM, then KILL, and a proof that nothing is left. May be called again at any time, also for a job that has ended by itself:
/// then it ends what the agent left behind.</summary>
public sealed class Stopper
{
    private static readonly TimeSpan KillBound = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan KeeperBound = TimeSpan.FromSeconds(5);

    private readonly JobDirectory _job;
    private readonly JobRecord _record;
    private readonly Identity? _identity;
    private readonly Members _members;
    private readonly TimeProvider _time;

    private Stopper(JobDirectory job, JobRecord record, Identity? identity, TimeProvider time)
    {
        (_job, _record, _identity, _time) = (job, record, identity, time);
        _members = new Members(job, record, identity);
    }

    /// <summary>Stops the job. Takes at most the grace and, when processes do not even end when killed, about half a minute. The job never starts again.</summary>
    /// <param name="grace">How long the processes may take to end after TERM; zero kills at once.</param>
    public static async Task<StopResult> Stop(JobDirectory job, TimeSpan grace, TimeProvider time, CancellationToken ct)
    {
        try
        {
            if (Directory.Exists(job.Path)) File.Create(job.Stop).Dispose();
            if (JobRecord.Read(job) is not { } record)
            {
                return Directory.Exists(job.Started)
                    ? new StopResult.MayHaveEscaped([], "the job's directory has lost its files")
                    : new StopResult.Verified("the job was never started");
            }

            if (record.BootId != BootClock.BootId) return new StopResult.Verified("the machine was restarted since");
            return await new Stopper(job, record, Identity.Read(job), time).Stop(grace, ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new StopResult.MayHaveEscaped([], $"the processes cannot be looked at: {e.Message}");
        }
    }

    private async Task<StopResult> Stop(TimeSpan grace, CancellationToken ct)
    {
        if (grace > TimeSpan.Zero) await Terminate(grace, ct);
        // While the keeper stands still it can neither end nor miss an orphan that it adopts.
        var keeperStands = KeeperLives();
        if (keeperStands) Signals.Send(_identity!.Keeper, Native.SigStop);
        var kernelSays = await KillWhatHolds(ct);
        await Freeze(ct);
        var left = await Kill(ct);
        var keeperSawAll = _identity is { Reaper: true } && ((keeperStands && KeeperLives()) || File.Exists(_job.Alone));
        await EndKeeper(ct);
        if (left.Count > 0) return new StopResult.MayHaveEscaped([.. left.Select(r => r.Pid)], "these processes did not end when killed");
        if (_record.Cgroup is { } cgroup) Cgroups.TryRemove(cgroup);
        if (kernelSays is not null) return new StopResult.Verified(kernelSays);
        if (_record.Containment == Containment.PidNamespace && _members.Unseen == 0)
            return new StopResult.Verified("no process carries the job's marker, and the first process of its PID namespace would for life");
        if (_identity is null && _members.Unseen == 0 && !Directory.Exists(_job.Started)) return new StopResult.Verified("no keeper has begun");
        if (keeperSawAll) return new StopResult.Verified("the keeper adopts every orphan of the job and has none left");
        return new StopResult.MayHaveEscaped([], _members.Unseen > 0
            ? $"{_members.Unseen} processes cannot be looked at"
            : "no process of the job is to be found, but one that had left its parents, its environment and its directory would not be");
    }

    private async Task Terminate(TimeSpan grace, CancellationToken ct)
    {
        var told = new HashSet<int>();
        await Until(grace, () =>
        {
            var rows = _members.Find().Where(r => r.Pid != _identity?.Pump.Pid).ToList();
            // The sandbox's own processes end at the first signal, take the agent with them and lose its exit code: the agent is told, not they.
            foreach (var row in _record.Containment == Containment.PidNamespace ? rows.Where(r => NamespaceDepth(r) > 1 && !IsFirstOfNamespace(r)) : rows)
                if (told.Add(row.Pid)) Signals.Send(row.Pid, row.StartTime, Native.SigTerm);
            return rows.Count == 0;
        }, ct);
    }

    /// <summary>Ends the namespace or the cgroup; says what the kernel then guarantees, or null.</summary>
    private async Task<string?> KillWhatHolds(CancellationToken ct)
    {
        if (_record.Cgroup is { } cgroup)
        {
            Cgroups.TryKill(cgroup);
            return await Until(KillBound, () => Cgroups.IsEmpty(cgroup), ct) ? "the job's cgroup is empty" : null;
        }

        if (_record.Containment != Containment.PidNamespace) return null;
        var firsts = _members.Find().Where(IsFirstOfNamespace).ToList();
        foreach (var first in firsts) Signals.Send(first.Pid, first.StartTime, Native.SigKill);
        // The first process of a namespace goes only after all the others have gone.
        return firsts.Count > 0 && await Until(KillBound, () => firsts.All(f => ProcessTable.Look(f.Pid, f.StartTime) == Probe.Dead), ct)
            ? "the first process of the job's PID namespace is gone" : null;
    }

    /// <summary>Stops everything that is found until two searches agree: what is stopped makes no more processes.</summary>
    private async Task Freeze(CancellationToken ct)
    {
        var frozen = new HashSet<int>();
        var agreed = 0;
        await Until(KillBound, () =>
        {
            var fresh = _members.Find().Where(r => frozen.Add(r.Pid)).ToList();
            foreach (var row in fresh) Signals.Send(row.Pid, row.StartTime, Native.SigStop);
            agreed = fresh.Count == 0 ? agreed + 1 : 0;
            return agreed == 2;
        }, ct);
    }

    private async Task<IReadOnlyList<ProcessRow>> Kill(CancellationToken ct)
    {
        IReadOnlyList<ProcessRow> left = [];
        await Until(KillBound, () =>
        {
            left = _members.Find();
            foreach (var row in left) Signals.Send(row.Pid, row.StartTime, Native.SigKill);
            return left.Count == 0;
        }, ct);
        return left;
    }

    /// <summary>Lets the keeper leave the exit code and go; one that does not is killed.</summary>
    private async Task EndKeeper(CancellationToken ct)
    {
        if (_identity is null) return;
        Signals.Send(_identity.Keeper, Native.SigCont);
        if (await Until(KeeperBound, () => !KeeperLives(), ct)) return;
        Signals.Send(_identity.Keeper, Native.SigKill);
        await Until(KeeperBound, () => !KeeperLives(), ct);
    }

    private bool KeeperLives() => _identity is { Keeper: var keeper } && ProcessTable.Look(keeper.Pid, keeper.StartTime) != Probe.Dead;

    private static bool IsFirstOfNamespace(ProcessRow row) => ProcessTable.NamespacePids(row.Pid) is { Length: > 1 } pids
        && pids.Length > ProcessTable.NamespacePids(Environment.ProcessId).Length && pids[^1] == 1;

    private static int NamespaceDepth(ProcessRow row) =>
        ProcessTable.NamespacePids(row.Pid).Length - ProcessTable.NamespacePids(Environment.ProcessId).Length + 1;

    /// <summary>Asks again, at growing distances, until it is so or the bound is over.</summary>
    private async Task<bool> Until(TimeSpan bound, Func<bool> isSo, CancellationToken ct)
    {
        var started = _time.GetTimestamp();
        for (var pause = 1.0; ; pause = Math.Min(50, pause * 1.5))
        {
            if (isSo()) return true;
            if (_time.GetElapsedTime(started) >= bound) return false;
            await Task.Delay(TimeSpan.FromMilliseconds(pause), _time, ct);
        }
    }
}
