using System.Text.Json;
using System.Text.Json.Serialization;
using Drover.Core;
using Drover.Node.Containing;

namespace Drover.Node.Keeping;

/// <summary>What the launcher knows before it starts a keeper and whoever ends the job needs later; stands in the job's directory.</summary>
/// <param name="Containment">How the job is held; a job that cannot be held so does not start.</param>
/// <param name="Cgroup">The job's own cgroup directory, or null.</param>
/// <param name="NotBefore">Clock ticks after boot; no process of the job is older.</param>
internal sealed record JobRecord(Containment Containment, string? Cgroup, string WorkingDirectory, string BootId, ulong NotBefore)
{
    private const int TicksPerSecond = 100;

    /// <summary>The record for a start. A start tried before keeps its moment: its keeper may be about to begin.</summary>
    internal static JobRecord Of(JobDirectory job, JobSpec spec) => new(
        spec.Containment.Level,
        spec.Containment is Hold.Cgroup { Parent: var parent } ? Path.Combine(parent, $"drover-{job.Id}") : null,
        spec.WorkingDirectory,
        BootClock.BootId,
        Read(job) is { } earlier && earlier.BootId == BootClock.BootId ? earlier.NotBefore : (ulong)(BootClock.SinceBoot.TotalSeconds * TicksPerSecond));

    internal void Write(JobDirectory job)
    {
        var temporary = $"{job.Job}.{Guid.NewGuid():N}";
        File.WriteAllText(temporary, JsonSerializer.Serialize(this, JobRecordJson.Default.JobRecord));
        File.SetUnixFileMode(temporary, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Move(temporary, job.Job, overwrite: true);
    }

    /// <summary>Null when no start was ever tried, or a power loss has taken the file.</summary>
    internal static JobRecord? Read(JobDirectory job)
    {
        if (TextFile.TryRead(job.Job) is not { Length: > 0 } text) return null;
        try
        {
            return JsonSerializer.Deserialize(text, JobRecordJson.Default.JobRecord);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSerializable(typeof(JobRecord))]
internal sealed partial class JobRecordJson : JsonSerializerContext;
