using System.Globalization;
using System.Runtime.InteropServices;
using Drover.Core;
using Drover.Node.Containing;

namespace Drover.Node.Keeping;

/// <summary>The small process that owns one job's input and output and outlives the server.</summary>
public static class Keeper
{
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(30);

    /// <summary>Starts the job unless a keeper has it already: the first start, a start after a crash and an adoption are this one call.
    /// Whatever it returns is true of the machine now; <see cref="JobState.NotStarted"/> says why and may be tried again.</summary>
    /// <exception cref="ArgumentException">The job cannot be run by any machine: see <see cref="JobSpec.Unfit"/>.</exception>
    public static Task<JobState> EnsureStarted(JobDirectory job, JobSpec spec, TimeProvider time, CancellationToken ct) =>
        EnsureStarted(job, spec, Programs.Find("perl"), time, ct);

    /// <param name="perl">Path of perl, or null on a machine without it.</param>
    internal static async Task<JobState> EnsureStarted(JobDirectory job, JobSpec spec, string? perl, TimeProvider time, CancellationToken ct)
    {
        if (spec.Unfit() is { } unfit) throw new ArgumentException(unfit, nameof(spec));
        var before = Look(job);
        if (before is not JobState.NotStarted) return before;
        if (File.Exists(job.Stop)) return new JobState.NotStarted("the job was stopped before it started");
        string? trouble;
        try
        {
            trouble = Prepare(job, spec) is var record && record.Cgroup is { } cgroup && Cgroups.TryMake(cgroup) is { } why
                ? why
                : await Launcher.Launch(Launcher.Command(job, spec, record.Cgroup, perl), StartBound, time, ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            trouble = e.Message;
        }

        var after = Look(job);
        return after is JobState.NotStarted ? new JobState.NotStarted(trouble ?? "the keeper gave up before its first act") : after;
    }

    /// <summary>What the directory and the machine say of the job now. Does not throw for anything a job or a machine may do.</summary>
    public static JobState Look(JobDirectory job)
    {
        try
        {
            return Exited(job) ?? (Identity.Read(job) is { } identity ? Look(job, identity)
                : Directory.Exists(job.Started) ? LookForBeginning(job)
                : new JobState.NotStarted(null));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new JobState.Unknown(e.Message);
        }
    }

    private static JobState Look(JobDirectory job, Identity identity)
    {
        if (identity.Keeper.BootId != BootClock.BootId) return new JobState.Gone("the machine was restarted");
        return ProcessTable.Look(identity.Keeper.Pid, identity.Keeper.StartTime) switch
        {
            Probe.Alive => new JobState.Running(identity.Keeper, JobRecord.Read(job)?.Containment ?? Containment.Scan),
            // The keeper leaves the exit code before it goes: what was missing before may be there by now.
            Probe.Dead => Exited(job) ?? new JobState.Gone("the keeper was killed"),
            Probe.Unknown => new JobState.Unknown($"process {identity.Keeper.Pid} cannot be looked at"),
        };
    }

    /// <summary>A keeper that has begun and not said who it is carries the job's marker from its first moment on; when nobody does, it died.</summary>
    private static JobState LookForBeginning(JobDirectory job)
    {
        if (JobRecord.Read(job) is not { } record) return new JobState.Gone("the job's directory has lost its files");
        if (record.BootId != BootClock.BootId) return new JobState.Gone("the machine was restarted");
        var found = Search.Marked(job, record.NotBefore);
        if (found.Rows.Count > 0) return new JobState.Beginning();
        if (Identity.Read(job) is { } identity) return Look(job, identity);
        if (Exited(job) is { } exited) return exited;
        return found.Unseen > 0 ? new JobState.Unknown("some processes cannot be looked at")
            : Directory.Exists(job.Started) ? new JobState.Gone("the keeper was killed before it started the agent")
            : new JobState.NotStarted(null);
    }

    /// <summary>The keeper writes the whole line at once; before that it is blank.</summary>
    private static JobState? Exited(JobDirectory job) => TextFile.TryRead(job.Exit) is { } text && text.EndsWith('\n')
        && int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? new JobState.Exited(code) : null;

    /// <summary>Makes the directory with all that a keeper needs; may be done again.</summary>
    internal static JobRecord Prepare(JobDirectory job, JobSpec spec)
    {
        Directory.CreateDirectory(job.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var path in (string[])[job.In, job.Out, job.Err])
        {
            File.Open(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }).Dispose();
        }

        const uint OwnerOnly = 0x180;
        if (Native.MakeFifo(job.Stdin, OwnerOnly) != 0 && Marshal.GetLastPInvokeError() != Native.FileExists)
            throw new IOException($"{job.Stdin} cannot be made: {Marshal.GetLastPInvokeErrorMessage()}");
        var record = JobRecord.Of(job, spec);
        record.Write(job);
        return record;
    }
}
