using Drover.Node.Trees;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

internal static class RunWorktree
{
    /// <summary>The worktree that a run works in; null when it has none, or it is gone.</summary>
    public static async Task<Worktree?> Of(RunPlace place, RunRow run, CancellationToken ct)
    {
        if (run.NoWorktree || run.Attempt is not { } id) return null;
        var (project, attempt) = place.Journal.Read(db => (ProjectTable.Get(db, run.Project)!, AttemptTable.Get(db, run.Project, id)!));
        return (await place.Projects.Get(project, ct)).Worktrees.Find(id.Directory, attempt.Branch);
    }
}
