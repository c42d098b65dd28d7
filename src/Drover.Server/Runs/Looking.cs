using Drover.Node.Keeping;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>What was last seen of an agent's process.</summary>
internal sealed class Looking(RunPlace place, Talk talk, JobDirectory job)
{
    private DateTime _exitWrittenAt;

    public JobState Seen { get; private set; } = new JobState.NotStarted(null);

    /// <summary>Whether it has ended, however.</summary>
    public bool IsOver => Seen is JobState.Exited or JobState.Gone;

    /// <summary>Looks only where something new can be seen: at a file's time.</summary>
    public async Task Glance()
    {
        // The keeper makes the file of the exit code when it starts and writes into it at the end.
        if (!IsOver && (Seen is not JobState.Running || File.GetLastWriteTimeUtc(job.Exit) != _exitWrittenAt)) await Look();
    }

    public async Task Look()
    {
        if (IsOver) return;
        var exitWrittenAt = File.GetLastWriteTimeUtc(job.Exit);
        (Seen, _exitWrittenAt) = (Keeper.Look(job), exitWrittenAt);
        if (Seen is JobState.Unknown != talk.Run.LookFailedAt is not null) await talk.Looked(Seen is JobState.Unknown);
        if (Seen is JobState.Running running && talk.Run.Process != running.Keeper) await talk.Known(running);
        if (Seen is JobState.Running { Keeper: var keeper }) place.Jobs.FollowExit(job, keeper);
    }
}
