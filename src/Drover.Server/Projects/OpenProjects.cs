using System.Collections.Concurrent;
using Drover.Core;
using Drover.Node.Repositories;
using Drover.Node.Trees;
using Drover.Server.Config;
using Drover.Server.Journaling;

namespace Drover.Server.Projects;

/// <summary>A project with its repository at hand.</summary>
internal sealed record OpenProject(ProjectRow Row, Repository Repository, Worktrees Worktrees, Worktrees Checkouts)
{
    public required Journal Journal { get; init; }

    /// <summary>The default branch's file, for the name of the target alone.</summary>
    public required ConfigSource Home { get; init; }

    public required ConfigSource Source { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>The last look at the target of new work, and when it was. A cache.</summary>
    private Sight? Seen { get; set; }

    private sealed record Sight(ProjectNow Now, long At);

    /// <summary>The same as a look that is not older than this, for those who show it and need it at once.</summary>
    public async Task<ProjectNow> Lately(TimeSpan age, CancellationToken ct) =>
        Seen is { } seen && Time.GetElapsedTime(seen.At) < age ? seen.Now : await Now(null, ct);

    /// <summary>The settings that the target branch's tip has, and the target itself; a typed refusal when there is no commit to start from.</summary>
    /// <param name="pinned">The target that work was begun for; null for that of new work. The user may have switched branches since.</param>
    public async Task<ProjectNow> Now(BranchName? pinned, CancellationToken ct)
    {
        var now = await Look(pinned, ct);
        if (pinned is null) Seen = new(now, Time.GetTimestamp());
        return now;
    }

    private async Task<ProjectNow> Look(BranchName? pinned, CancellationToken ct)
    {
        if (pinned is { } begun)
        {
            return await Repository.Resolve(begun, ct) is { } at
                ? await At(begun, at, Journal.Read(db => ProjectTable.ConfigCommit(db, Row.Id)), ct)
                : new ProjectNow.Unusable($"the target branch '{begun}' is gone from {Row.Path}");
        }

        var home = await Repository.DefaultBranch(ct);
        if (home is not { } branch || await Repository.Resolve(branch, ct) is not { } first)
            return new ProjectNow.Unusable($"{Row.Path} has no commit on its default branch yet: make one, then try again");
        var lastGood = Journal.Read(db => ProjectTable.ConfigCommit(db, Row.Id));
        var target = (await Home.At(first, lastGood, ct)).Config?.Target;
        if (target is not { } named || named == branch) return await At(branch, first, lastGood, ct);
        if (await Repository.Resolve(named, ct) is not { } tip)
            return new ProjectNow.Unusable($"drover.yaml names the target branch '{named}', which {Row.Path} does not have");
        return await At(named, tip, lastGood, ct);
    }

    /// <summary>Which commit's file is in force is kept, so that a restart finds it again when a later one is broken.</summary>
    private async Task<ProjectNow> At(BranchName target, CommitSha tip, CommitSha? lastGood, CancellationToken ct)
    {
        var config = await Source.At(tip, lastGood, ct);
        if (config.From is { } from && from != lastGood) await Journal.Do(Priority.Urgent, tx => ProjectTable.SetConfigCommit(tx, Row.Id, from));
        return new ProjectNow.At(target, tip, config);
    }
}

internal abstract record ProjectNow
{
    private ProjectNow() { }

    public sealed record At(BranchName Target, CommitSha Tip, ConfigInForce Config) : ProjectNow;

    public sealed record Unusable(string Why) : ProjectNow;
}

/// <summary>The repositories of the projects, opened once. A cache: the rows are the truth.</summary>
internal sealed class OpenProjects(Git git, Journal journal, string home, IReadOnlyList<string> adapters, TimeProvider time)
{
    private const int LongestConfig = YamlTree.MostBytes;

    private readonly ConcurrentDictionary<ProjectId, OpenProject> _open = new();

    /// <exception cref="ProjectUnusableException">The repository is gone or cannot be used; the message says why and what to do.</exception>
    public async Task<OpenProject> Get(ProjectRow row, CancellationToken ct)
    {
        if (_open.TryGetValue(row.Id, out var known) && known.Row.GitDir == row.GitDir) return known;
        if (await Repository.Open(git, row.Path, ct) is not RepositoryOpening.Opened { Repository: var repository })
            throw new ProjectUnusableException($"the repository of project '{row.Id}' at {row.Path} cannot be opened");
        ConfigSource Follow() => new(adapters, row.Id.Value, async (commit, token) =>
            await repository.ReadFile(commit, ConfigFile.Name, LongestConfig, token) switch
            {
                CommittedFile.Present file => file.Bytes,
                // Its reader refuses what is too long, and says so.
                CommittedFile.TooLarge => new byte[LongestConfig + 1],
                _ => null,
            });
        var opened = new OpenProject(row, repository,
            new(repository, TreesRoot.Open(Path.Combine(home, "trees", row.Id.Value))),
            new(repository, TreesRoot.Open(Path.Combine(home, "gates", row.Id.Value))))
        {
            Journal = journal,
            Time = time,
            Home = Follow(),
            Source = Follow(),
        };
        return _open[row.Id] = opened;
    }
}

internal sealed class ProjectUnusableException(string message) : Exception(message);
