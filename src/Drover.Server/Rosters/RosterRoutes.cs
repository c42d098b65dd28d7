using Drover.Agents;
using Drover.Api;
using Drover.Core;
using Drover.Node.Repositories;
using Drover.Server.Config;
using Drover.Server.Http;
using Drover.Server.Journaling;
using Drover.Server.Projects;
using Problems = Drover.Api.Problems;

namespace Drover.Server.Rosters;

/// <summary>The agents of a project, as the target branch's <c>drover.yaml</c> lists them, and what each is at.</summary>
internal static class RosterRoutes
{
    private const int LongestConfig = 1 << 20;

    public static void Map(Routes routes, Journal journal, Git git, ProjectFinder finder, AgentProofs proofs, string homes)
    {
        routes.Query<IReadOnlyList<AgentJson>>("/agents", Access.Owner, All, "project", "directory");
        routes.Query("/agents/{agent}", Access.Owner, async ask =>
        {
            var all = await All(ask);
            return all.FirstOrDefault(a => a.Name == ask.Part("agent"))
                ?? throw new Refusal(Problems.AgentNotFound, $"there is no agent '{ask.Part("agent")}' in drover.yaml; there {(all.Count == 1 ? "is" : "are")} {string.Join(", ", all.Select(a => a.Name))}");
        }, "project", "directory");

        async Task<IReadOnlyList<AgentJson>> All(Ask ask)
        {
            var token = ask.Http.RequestAborted;
            var project = await finder.Needed(ask.Query("project"), ask.Query("directory"), token);
            var config = await Read(await ProjectRoutes.Open(git, project.Path, token), project.Id, token);
            var busy = journal.Read(RunTable.Active).Where(r => r.Project == project.Id).GroupBy(r => r.Agent).ToDictionary(r => r.Key, r => r.First().Name.Value);
            return [.. config.Agents.Select(agent => (Agent: agent, Proof: proofs.Of(agent)))
                .SelectMany(a => a.Agent.Slots.Select(slot => AgentView.Of(project.Id, a.Agent, slot, busy.GetValueOrDefault(slot), a.Proof, homes)))];
        }
    }

    private static async Task<ProjectConfig> Read(Repository repository, ProjectId project, CancellationToken token)
    {
        var branch = await repository.DefaultBranch(token);
        var config = await Read(repository, branch, project, token);
        return config.Target is { } target && target != branch ? await Read(repository, target, project, token) : config;
    }

    private static async Task<ProjectConfig> Read(Repository repository, BranchName? branch, ProjectId project, CancellationToken token)
    {
        var tip = branch is { } named ? await repository.Resolve(named, token) : await repository.Resolve("HEAD", token);
        if (tip is not { } commit || await repository.ReadFile(commit, ConfigFile.Name, LongestConfig, token) is not CommittedFile.Present file)
            throw new Refusal(Problems.InvalidConfiguration, $"{branch?.Value ?? "HEAD"} has no {ConfigFile.Name}; 'drover init' writes one, then commit it");
        var read = ConfigFile.ReadProject(file.Bytes, ConfigFile.Name, [.. Adapters.All.Select(a => a.Name)], project.Value);
        return read.Value ?? throw new Refusal(Problems.InvalidConfiguration, string.Join("\n", read.Problems));
    }
}
