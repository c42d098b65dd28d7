using Drover.Api;
using Drover.Core;
using Drover.Node.Repositories;
using Drover.Node.Trees;
using Drover.Server.Http;
using Drover.Server.Projects;

namespace Drover.Server.Salvaging;

/// <summary>Work that was saved before its worktree went away. It lives in the repository's refs alone.</summary>
internal static class SalvageRoutes
{
    private const int LongestPatch = 8 * 1024 * 1024;

    public static void Map(Routes routes, Git git, ProjectFinder finder)
    {
        routes.Query<IReadOnlyList<SalvageJson>>("/salvage", Access.Owner, async ask =>
        {
            var (project, salvage) = await Open(git, finder, ask.Query("project"), ask.Query("directory"), ask.Http.RequestAborted);
            return [.. (await salvage.List(null, ask.Http.RequestAborted)).Select(s => Show(project, s))];
        }, "project", "directory");
        routes.Query("/salvage/show", Access.Owner, async ask =>
        {
            var (project, salvage) = await Open(git, finder, ask.Query("project"), ask.Query("directory"), ask.Http.RequestAborted);
            var saved = await Find(salvage, ask.Query("name"), ask.Http.RequestAborted);
            var patch = await salvage.Show(saved, LongestPatch, ask.Http.RequestAborted);
            return new SalvageContentJson(Show(project, saved), patch.Text, patch.Truncated);
        }, "name", "project", "directory");
        routes.Deed<RestoreSalvageJson, SalvageJson>("POST", "/salvage/restore", Access.Human, 201, async (ask, wish) =>
        {
            var (project, salvage) = await Open(git, finder, wish.Project, wish.Directory, ask.Http.RequestAborted);
            var saved = await Find(salvage, wish.Name, ask.Http.RequestAborted);
            if (wish.Branch is not { Length: > 0 } branch) throw new Refusal(Problems.InvalidValue, "is needed", "branch");
            return await salvage.Restore(saved, new(branch), ask.Http.RequestAborted) ? Show(project, saved)
                : throw new Refusal(Problems.Conflict, $"'{branch}' exists already or is no name for a branch; choose another one", "branch");
        });
    }

    private static async Task<(ProjectId Project, Salvage Salvage)> Open(Git git, ProjectFinder finder, string? id, string? directory, CancellationToken token)
    {
        var project = await finder.Needed(id, directory, token);
        return (project.Id, new(await ProjectRoutes.Open(git, project.Path, token)));
    }

    private static async Task<Salvaged> Find(Salvage salvage, string? name, CancellationToken token) =>
        await salvage.Find(name ?? "", token) ?? throw new Refusal(Problems.NotFound, $"nothing was saved under '{name}'; 'drover salvage list' shows what was");

    private static SalvageJson Show(ProjectId project, Salvaged saved) =>
        new(saved.Name, project.Value, $"refs/drover/salvage/{saved.Name}", saved.Commit.Value, Ticket(saved), saved.Subject, saved.At);

    private static string? Ticket(Salvaged saved) => TicketKey.TryParse(saved.Name.Split('/')[0])?.ToString();
}
