using Drover.Core;
using Drover.Node.Containing;
using Drover.Node.Keeping;

namespace Drover.Server.Runs;

/// <summary>Jobs that were started for a run's agent and end with it. Each leaves a mark in the run's directory before it is started, so that whoever ends the run finds them
/// all, whatever the server remembers.</summary>
internal static class Dependants
{
    public static void Mark(JobDirectory of, JobDirectory job)
    {
        Directory.CreateDirectory(of.Dependants);
        File.Create(Path.Combine(of.Dependants, job.Id.Value)).Dispose();
    }

    /// <summary>Ends all of them. Gives the first of which something may be left; that one keeps its mark.</summary>
    public static async Task<StopResult.MayHaveEscaped?> End(RunPlace place, JobDirectory of, CancellationToken ct)
    {
        if (!Directory.Exists(of.Dependants)) return null;
        StopResult.MayHaveEscaped? first = null;
        foreach (var mark in Directory.GetFiles(of.Dependants))
        {
            var job = place.Job(new RunId(Path.GetFileName(mark)));
            if (await Stopper.Stop(job, TimeSpan.Zero, place.Time, ct) is StopResult.MayHaveEscaped escaped) first ??= escaped;
            else Forget(place, of, job);
        }

        return first;
    }

    /// <summary>One that is gone, with all that it has written.</summary>
    public static void Forget(RunPlace place, JobDirectory of, JobDirectory job)
    {
        place.Jobs.Remove(job);
        if (Directory.Exists(job.Path)) Directory.Delete(job.Path, recursive: true);
        File.Delete(Path.Combine(of.Dependants, job.Id.Value));
    }
}
