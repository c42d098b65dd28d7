namespace Drover.Node.Keeping;

/// <summary>What a job that has ended leaves in its directory beside its output and the marks of jobs that were started for it.</summary>
public static class Remnants
{
    /// <summary>Takes it away, so that the job can be started once more; what it writes then follows what it wrote before. Only for a job that was stopped and
    /// of which no process is left. May be done again when it was cut short.</summary>
    /// <exception cref="IOException">Something of it cannot be removed.</exception>
    public static void Clear(JobDirectory job)
    {
        var directory = new DirectoryInfo(job.Path);
        if (!directory.Exists) return;
        // The mark of the stop goes last: until then no keeper of the ended job that comes late begins.
        foreach (var entry in directory.EnumerateFileSystemInfos().Where(e => e.FullName != job.Out && e.FullName != job.Dependants).OrderBy(e => e.FullName == job.Stop))
        {
            if (entry is DirectoryInfo { LinkTarget: null } inner) inner.Delete(recursive: true);
            else entry.Delete();
        }
    }
}
