using Drover.Api;
using Drover.Core;
using Drover.Node.Repositories;
using Drover.Server.Http;
using Drover.Server.Journaling;

namespace Drover.Server.Projects;

/// <summary>Which project a request means: the one it names, or the one whose repository holds the directory it was typed in.</summary>
internal sealed class ProjectFinder(Journal journal, Git git, string treesRoot)
{
    /// <exception cref="Refusal">None is meant, or the one that is does not exist.</exception>
    public async Task<ProjectRow> Needed(string? id, string? directory, CancellationToken token) => await Wanted(id, directory, token)
        ?? throw new Refusal(Problems.ProjectNotFound, directory is null
            ? "say which project is meant, with its id or a directory in it" : $"{directory} is in no project; register its repository with 'drover up' there, or name one with --project");

    /// <summary>Null when neither an id nor a directory of a project is given.</summary>
    public async Task<ProjectRow?> Wanted(string? id, string? directory, CancellationToken token)
    {
        var projects = journal.Read(ProjectTable.List);
        if (id is not null)
        {
            return projects.Find(p => p.Id.Value == id) ?? throw new Refusal(Problems.ProjectNotFound,
                $"there is no project '{id}'; there {(projects.Count == 0 ? "are none" : "is " + string.Join(", ", projects.Select(p => p.Id)))}");
        }

        if (directory is null || !Path.IsPathRooted(directory)) return null;
        var place = CanonicalPath.Of(directory);
        return projects.Where(p => IsIn(place, p.Path) || IsIn(place, Path.Combine(treesRoot, p.Id.Value))).MaxBy(p => p.Path.Length)
            ?? await ByRepository(projects, place, token);
    }

    /// <summary>A worktree that the user has made elsewhere.</summary>
    private async Task<ProjectRow?> ByRepository(List<ProjectRow> projects, string place, CancellationToken token) =>
        await Repository.Open(git, place, token) is RepositoryOpening.Opened(var repository) ? projects.Find(p => p.GitDir == repository.CommonDir) : null;

    private static bool IsIn(string place, string root) => place == root || place.StartsWith(root + "/", StringComparison.Ordinal);
}
