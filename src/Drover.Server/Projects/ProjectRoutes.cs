using Drover.Api;
using Drover.Node.Repositories;
using Drover.Server.Http;
using Drover.Server.Journaling;

namespace Drover.Server.Projects;

internal static class ProjectRoutes
{
    public static void Map(Routes routes, Journal journal, Git git, ProjectFinder finder)
    {
        routes.Query<IReadOnlyList<ProjectJson>>("/projects", Access.Owner, _ => [.. journal.Read(ProjectTable.List).Select(ProjectCommands.Show)]);
        routes.Command<NewProjectJson, (Repository Repository, ProjectNames Names, NewProjectJson Wish), ProjectJson>("POST", "/projects", Access.Human, 201,
            async (ask, body) =>
            {
                var repository = await Open(git, body.Directory, ask.Http.RequestAborted);
                return (repository, await ProjectNames.Of(repository, ask.Http.RequestAborted), body);
            },
            (ask, found, tx) => ProjectCommands.Add(tx, found.Repository, found.Names, found.Wish, ask.Who));
        routes.Command<ReasonJson, ProjectRow, ProjectJson>("DELETE", "/projects/{project}", Access.Human, 200,
            (ask, _) => finder.Needed(ask.Part("project"), null, ask.Http.RequestAborted),
            (ask, project, tx) => ProjectCommands.Remove(tx, project, ask.Who));
    }

    /// <exception cref="Refusal">It is no repository that Drover can work in; the detail says why and what to do.</exception>
    public static async Task<Repository> Open(Git git, string? directory, CancellationToken token)
    {
        if (directory is null || !Path.IsPathRooted(directory)) throw new Refusal(Problems.InvalidValue, "is an absolute path", "directory");
        return await Repository.Open(git, directory, token) switch
        {
            RepositoryOpening.Opened opened => opened.Repository,
            RepositoryOpening.Refused refused => throw new Refusal(Problems.UnusableRepository, $"{refused.Message}. {refused.Advice}"),
            var other => throw new InvalidOperationException($"{other} is no way to open a repository"),
        };
    }
}
