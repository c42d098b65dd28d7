using Drover.Core;
using Drover.Server.Config;
using Drover.Server.Journaling;
using Drover.Server.Projects;

namespace Drover.Server.Landing;

/// <summary>What a landing goes by: the branch and its target as they are now, and the settings that the target's tip has.</summary>
internal abstract record LandingNow
{
    private LandingNow() { }

    /// <param name="Tip">The target's commit.</param>
    /// <param name="Head">The branch's commit.</param>
    /// <param name="ConfigFrom">The commit that the settings were read from.</param>
    public sealed record At(BranchName Target, CommitSha Tip, CommitSha Head, ProjectConfig Config, CommitSha ConfigFrom) : LandingNow
    {
        /// <summary>Whether the landing's candidate was made for this head and this target; else it says nothing any more.</summary>
        public bool IsOf(LandingRow landing) => landing.Head == Head && landing.Old == Tip && landing.Target == Target;
    }

    public sealed record Unusable(string Why) : LandingNow;

    public static async Task<LandingNow> Look(OpenProject project, AttemptRow attempt, CancellationToken ct)
    {
        var state = await project.Now(attempt.Target, ct);
        if (state is ProjectNow.Unusable unusable) return new Unusable(unusable.Why);
        var now = (ProjectNow.At)state;
        if (now.Config is not { Config: { } config, From: { } from }) return new Unusable(now.Config.Warning ?? "drover.yaml cannot be used");
        if (await project.Repository.Resolve(attempt.Branch, ct) is not { } head) return new Unusable($"its branch {attempt.Branch} is gone");
        return new At(now.Target, now.Tip, head, config, from);
    }
}
