using Drover.Core;
using Drover.Node.Merging;

namespace Drover.Server.Config;

/// <summary>The keys of <c>drover.yaml</c>: the one table from which the file is read, its JSON schema and its reference are made.</summary>
/// <param name="adapters">The words that an agent's <c>adapter</c> may be.</param>
/// <param name="defaultName">What the project is called when the file does not say it.</param>
internal sealed class ProjectKeys(IReadOnlyList<string> adapters, string defaultName)
{
    private static readonly Dictionary<string, int> Nothing = [];
    private static readonly Stage[] s_limited = [Stage.Coding, Stage.Review, Stage.Merging];
    private static readonly Retention DefaultRetention = new(256L << 20);
    private static readonly ProjectLimits DefaultLimits = new(4, new Dictionary<Role, int>(), Nothing, Nothing, new Dictionary<Stage, int>());

    private static readonly Key<string?> Prefix = new("prefix", Rules.Prefix!, null, "the project's name", "Its letters and digits in capitals stand before the number in a ticket's key (`app` makes APP-12).");
    private static readonly Key<string?> Target = new("target", Rules.Branch!, null, "the repository's default branch", "The branch that finished work lands on. This one key is taken from the default branch's copy of the file when the project is registered; all others from the target's.");
    private static readonly Key<IReadOnlyList<CommandConfig>> Gates = new("gates", new ListOf<CommandConfig>(new StepKind(TimeSpan.FromMinutes(30)), 50), [], "none",
        "Commands that must pass, in this order, in a clean checkout of exactly the tree that would land.");
    private static readonly Key<IReadOnlyList<CommandConfig>> PostCreate = new("post_create", new ListOf<CommandConfig>(new StepKind(TimeSpan.FromMinutes(10)), 50), [], "none", "Commands run in a new worktree before its first agent.");
    private static readonly Key<IReadOnlyList<string>> Symlinks = new("symlinks", new ListOf<string>(Rules.Inside), [], "none", "Paths linked from the project's checkout into each worktree. A missing source is an error.");
    private static readonly Key<MergePolicy> Merge = new("merge", Word.Of<MergePolicy>(), MergePolicy.OnApproval, "on-approval", "Who decides that a ticket lands: only a human's `merge`, a human's approval, or the green gates alone.");
    private static readonly Key<LandMethod> Land = new("land", Word.Of<LandMethod>(), LandMethod.Merge, "merge", "How a branch becomes part of the target: a merge commit, one commit of everything, or fast-forward only.");
    private static readonly Key<string> CommitterName = new("name", Scalars.Line("a name", 200), "", "must be given", "The committer's name.", IsRequired: true);
    private static readonly Key<string> CommitterEmail = new("email", Scalars.Checked("an e-mail address", t => t.Contains('@') && !t.Any(c => c <= ' ' || c is '<' or '>')), "", "must be given", "The committer's e-mail address.", IsRequired: true);
    private static readonly Key<Committer?> Committer = new("committer", new Section<Committer>([CommitterName, CommitterEmail], e => new(e.Get(CommitterName), e.Get(CommitterEmail)))!, null,
        "the repository's user.name and user.email, else Drover", "Who the commits that Drover makes are by.");
    private static readonly Key<IReadOnlyList<string>> Protected = new("protected", new ListOf<string>(Rules.Inside), [], "drover.yaml and .drover, always",
        "Files and directories; a change to one of them, or below one, lands only by a human's approval.");
    private static readonly Key<SandboxConfig> Sandbox = new("sandbox", new SandboxKind(), SandboxKind.Default, "auto", "Whether agents, gates and post_create run inside bubblewrap.");
    private static readonly Key<ApprovalPolicy?> Approvals = new("approvals", new ApprovalKind()!, null, "allow inside the sandbox, deny outside of it",
        "What agents are answered when they ask for permission.");
    private static readonly Key<int> Runs = new("runs", Scalars.Whole(1, 1000), DefaultLimits.Runs, "4", "The most runs at the same time.");
    private static readonly Key<IReadOnlyDictionary<string, int>> PerRole = new("roles", new MapOf<int>("role", Word.Of(Words.All<Role>()), Scalars.Whole(0, 1000)), new Dictionary<string, int>(), "none",
        "The most runs of single roles, such as `coder: 3`.");
    private static readonly Key<IReadOnlyDictionary<string, int>> PerAgent = new("agents", new MapOf<int>("agent", Rules.Name, Scalars.Whole(0, 1000)), Nothing, "none",
        "The most runs of single entries of the roster, below their count.");
    private static readonly Key<IReadOnlyDictionary<string, int>> Stages = new("stages", new MapOf<int>("stage", Word.Of([.. s_limited.Select(s => s.Word())]), Scalars.Whole(1, 10_000)), Nothing, "none",
        "The most tickets in single stages, such as `review: 3`. While one is full, no coder begins new work; what has begun goes on.");
    private static readonly Key<int> MostRetries = new("most", Scalars.Whole(0, 100), RetryLimits.Usual.Most, "3", "How many failed runs in a row are begun again before the ticket is blocked; 0 = none. Waiting for a vendor's limit counts for none.");
    private static readonly Key<TimeSpan> RetryDelay = new("delay", Measures.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(30)), RetryLimits.Usual.First, "30s",
        "The pause before the first; each further one is twice as long, 30m at most.");
    private static readonly Key<int> Rounds = new("rounds", Scalars.Whole(0, 100), PipelineLimits.Usual.MostRounds, "5", "How often in a row finished work is sent back to its coder, by a gate or a conflict, before the ticket is blocked.");
    private static readonly Key<PipelineLimits> Retries = new("retries", new Section<PipelineLimits>([MostRetries, RetryDelay, Rounds],
        e => new(new(e.Get(MostRetries), e.Get(RetryDelay)), e.Get(Rounds))), PipelineLimits.Usual, "as below", "What is tried again by itself.");
    private static readonly Key<long> SpoolQuota = new("spool_quota", Measures.Size, DefaultRetention.SpoolQuota, "256MiB", "How much of a live run's raw output stays on disk once it has been read.");
    private static readonly Key<Retention> RetentionKey = new("retention", new Section<Retention>([SpoolQuota],
        e => new(e.Get(SpoolQuota))), DefaultRetention, "as below", "What is kept.");

    private readonly Key<IReadOnlyDictionary<string, int>> _perAdapter = new("adapters", new MapOf<int>("adapter", Word.Of(adapters), Scalars.Whole(0, 1000)), Nothing, "none",
        "The most runs over single adapters, such as `acp: 2`.");

    private readonly Key<string> _name = new("name", Scalars.Line("a name", 80), defaultName, "the directory's name", "What the project is called.");
    private readonly Key<IReadOnlyList<AgentConfig>> _agents = new("agents", new Roster(new AgentKeys(adapters).Section), [], "must be given", "The roster: who can work.", IsRequired: true);

    private Key<ProjectLimits> Limits => new("limits", new Section<ProjectLimits>([Runs, PerRole, PerAgent, _perAdapter, Stages],
        e => new(e.Get(Runs), e.Get(PerRole).ToDictionary(r => Words.Parse<Role>(r.Key), r => r.Value), e.Get(PerAgent), e.Get(_perAdapter), e.Get(Stages).ToDictionary(s => Words.Parse<Stage>(s.Key), s => s.Value))),
        DefaultLimits, "as below", "How much runs at once.");

    internal Section<ProjectConfig> Section => new(
        [_name, Prefix, Target, _agents, Gates, PostCreate, Symlinks, Merge, Land, Committer, Protected, Sandbox, Approvals, Limits, Retries, RetentionKey], Make);

    private ProjectConfig Make(Entries entries)
    {
        var name = entries.Get(_name);
        var gates = entries.Get(Gates);
        foreach (var twice in gates.GroupBy(g => g.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
            entries.At(Gates).Fail($"two gates are called '{twice.Key}'; give one another name");
        var (agents, limits) = (entries.Get(_agents), entries.Get(Limits));
        foreach (var unknown in limits.PerAgent.Keys.Where(n => agents.All(a => a.Name != n)))
            entries.At(Limits).Fail($"agents: there is no agent '{unknown}'; {Nearest.Advice(unknown, [.. agents.Select(a => a.Name)])}");
        return new()
        {
            Name = name,
            Prefix = entries.Get(Prefix) ?? name,
            Target = entries.Get(Target) is { } branch ? new BranchName(branch) : null,
            Agents = agents,
            Gates = gates,
            PostCreate = entries.Get(PostCreate),
            Symlinks = [.. entries.Get(Symlinks).Select(p => p.TrimEnd('/'))],
            Merge = entries.Get(Merge),
            Land = entries.Get(Land),
            Committer = entries.Get(Committer),
            Protected = new([.. entries.Get(Protected).Select(p => p.TrimEnd('/'))]),
            Sandbox = entries.Get(Sandbox),
            Approvals = entries.Get(Approvals),
            Limits = limits,
            Pipeline = entries.Get(Retries),
            Retention = entries.Get(RetentionKey),
        };
    }
}
