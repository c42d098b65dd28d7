using Drover.Api;
using Drover.Core;
using Drover.Node.Repositories;
using Drover.Node.Trees;
using Drover.Server.Http;
using Drover.Server.Journaling;
using Drover.Server.Projects;
using Drover.Server.Tickets;

namespace Drover.Server.Attempts;

/// <summary>What the newest attempt of a ticket has changed, as git tells it now.</summary>
internal static class DiffRoutes
{
    private const int LongestPatch = 8 * 1024 * 1024;

    public static void Map(Routes routes, Journal journal, Git git, string treesRoot) =>
        routes.Query("/tickets/{ticket}/diff", Access.OwnTicket, ask => Show(ask.Ticket, journal, git, treesRoot, ask.Http.RequestAborted));

    private static async Task<DiffJson> Show(TicketKey key, Journal journal, Git git, string treesRoot, CancellationToken token)
    {
        var (attempt, project) = journal.Read(db =>
        {
            var ticket = TicketCommands.Get(db, key);
            return (AttemptTable.Of(db, key).LastOrDefault(a => a.Base is not null), ProjectTable.Get(db, ticket.Project)!);
        });
        if (attempt is not { Base: { } from }) throw new Refusal(Problems.NotReadyToLand, $"nobody has worked on {key} in a worktree yet; start with: drover run start {key}");
        var repository = await ProjectRoutes.Open(git, project.Path, token);
        var head = await repository.Resolve(attempt.Branch, token) ?? attempt.Head
            ?? throw new Refusal(Problems.NotFound, $"the branch {attempt.Branch} is gone; 'drover salvage list' shows what was saved of it");

        var patch = await Diff.Text(repository, from, head, LongestPatch, token);
        var stat = await Diff.Stat(repository, from, head, token);
        var tree = new Worktrees(repository, TreesRoot.Open(Path.Combine(treesRoot, project.Id.Value))).Find(attempt.Id.Directory, attempt.Branch);
        var facts = tree is null ? null : await Facts.Read(tree, from, token);
        return new(
            attempt.Id.ToString(), from.Value, head.Value, facts?.Commits, stat.Files, stat.Insertions, stat.Deletions,
            [.. facts?.Uncommitted.Select(u => u.Path) ?? []], patch.Text, patch.Truncated);
    }
}
