using Drover.Core;
using Drover.Node.Keeping;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>The file that an agent's process reads: frames go there when they are stored, each once.</summary>
internal sealed class AgentInput(RunPlace place, RunId run, JobDirectory job)
{
    /// <summary>How much is in the file, in bytes.</summary>
    public long Written => File.Exists(job.In) ? new FileInfo(job.In).Length : 0;

    /// <summary>Writes what of the stored frames is not in the file yet. What a crash has cut short is made whole by the same call.</summary>
    /// <param name="end">Where the stored frames end, in bytes.</param>
    /// <exception cref="IOException">The disk is full; another call goes on.</exception>
    public void WriteTo(long end)
    {
        if (end == 0) return;
        var present = Written;
        if (present >= end) return;
        var frames = place.Journal.Read(db => FrameTable.From(db, run, present)).Select(f => new InputFrame(f.Start, f.Bytes)).ToList();
        if (place.Crash.IsArmed(CrashPoint.FramesHalfWritten))
        {
            InputFile.Append(job, present + ((end - present) / 2), frames);
            place.Crash.At(CrashPoint.FramesHalfWritten);
        }

        switch (InputFile.Append(job, end, frames))
        {
            case InputResult.Whole: return;
            case InputResult.DiskFull: throw new IOException($"the disk is full: the input of run {run} waits");
            case InputResult.WrittenByOthers w: throw new InvalidOperationException($"the input of run {run} has {w.Length} bytes, more than was ever stored");
            case InputResult.FramesMissing m: throw new InvalidOperationException($"the input of run {run} lacks its frames from {m.From} on");
        }
    }
}
