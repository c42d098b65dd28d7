using System.Collections.Concurrent;
using Drover.Core;
using Drover.Node.Repositories;
using Drover.Node.Trees;
using Drover.Server.Config;
using Drover.Server.Journaling;

namespace Drover.Server.Projects;

/// <summary>A project with its repository at hand.</summary>
internal sealed record OpenProject(ProjectRow Row, Repository Repository, Worktrees Worktrees, Worktrees Checkouts, ConfigSource Source)
{
    /// <summary>The settings that the target branch's tip has, and the target itself; a typed refusal when there is no commit to start from.</summary>
    public async Task<ProjectNow> Now(CancellationToken ct)
    {
        var home = await Repository.DefaultBranch(ct);
        if (home is not { } branch || await Repository.Resolve(branch, ct) is not { } first)
            return new ProjectNow.Unusable($"{Row.Path} has no commit on its default branch yet: make one, then try again");
        var config = await Source.At(first, null, ct);
        if (config.Config?.Target is not { } named || named == branch) return new ProjectNow.At(branch, first, config);
        if (await Repository.Resolve(named, ct) is not { } tip)
            return new ProjectNow.Unusable($"drover.yaml names the target branch '{named}', which {Row.Path} does not have");
        return new ProjectNow.At(named, tip, await Source.At(tip, null, ct));
    }
}

internal abstract record ProjectNow
{
    private ProjectNow() { }

    public sealed record At(BranchName Target, CommitSha Tip, ConfigInForce Config) : ProjectNow;

    public sealed record Unusable(string Why) : ProjectNow;
}

/// <summary>The repositories of the projects, opened once. A cache: the rows are the truth.</summary>
internal sealed class OpenProjects(Git git, string home, IReadOnlyList<string> adapters)
{
    private const int LongestConfig = YamlTree.MostBytes;

    private readonly ConcurrentDictionary<ProjectId, OpenProject> _open = new();

    /// <exception cref="ProjectUnusableException">The repository is gone or cannot be used; the message says why and what to do.</exception>
    public async Task<OpenProject> Get(ProjectRow row, CancellationToken ct)
    {
        if (_open.TryGetValue(row.Id, out var known) && known.Row.GitDir == row.GitDir) return known;
        if (await Repository.Open(git, row.Path, ct) is not RepositoryOpening.Opened { Repository: var repository })
            throw new ProjectUnusableException($"the repository of project '{row.Id}' at {row.Path} cannot be opened");
        var source = new ConfigSource(adapters, row.Id.Value, async (commit, token) =>
            await repository.ReadFile(commit, ConfigFile.Name, LongestConfig, token) switch
            {
                CommittedFile.Present file => file.Bytes,
                // Its reader refuses what is too long, and says so.
                CommittedFile.TooLarge => new byte[LongestConfig + 1],
                _ => null,
            });
        var opened = new OpenProject(row, repository,
            new(repository, TreesRoot.Open(Path.Combine(home, "trees", row.Id.Value))),
            new(repository, TreesRoot.Open(Path.Combine(home, "gates", row.Id.Value))), source);
        return _open[row.Id] = opened;
    }
}

internal sealed class ProjectUnusableException(string message) : Exception(message);
