using Drover.Core;

namespace Drover.Server.Journaling;

/// <param name="Worktree">Its path for life, also after it is removed; null until it is to be made.</param>
/// <param name="Base">The commit from which the branch starts.</param>
/// <param name="Target">The branch it is to land on.</param>
/// <param name="Head">The branch's commit as last looked at.</param>
internal sealed record AttemptRow(
    ProjectId Project, AttemptId Id, TicketKey? Ticket, BranchName Branch, NodeId Node, string? Worktree, WorktreeState WorktreeState,
    CommitSha? Base, BranchName? Target, CommitSha? Head, DateTimeOffset? PostCreateAt, DateTimeOffset? LandedAt,
    DateTimeOffset? ClosedAt, string? CloseReason, DateTimeOffset CreatedAt);

internal static class AttemptTable
{
    private static readonly Sql Columns = new("""
        project, id, ticket, branch, node, worktree, worktree_state, base, target, head, post_create_at, landed_at, closed_at, close_reason, created_at
        """);

    /// <exception cref="ConstraintException">The branch or the worktree belongs to another attempt.</exception>
    internal static void Insert(Tx tx, AttemptRow row) => tx.Execute($"""
        INSERT INTO attempts ({Columns})
        VALUES ({row.Project}, {row.Id}, {row.Ticket}, {row.Branch}, {row.Node}, {row.Worktree}, {row.WorktreeState.Word()}, {row.Base}, {row.Target},
            {row.Head}, {row.PostCreateAt}, {row.LandedAt}, {row.ClosedAt}, {row.CloseReason}, {row.CreatedAt})
        """);

    internal static AttemptRow? Get(Db db, ProjectId project, AttemptId id) =>
        db.One($"SELECT {Columns} FROM attempts WHERE project = {project} AND id = {id}", Read);

    /// <summary>Oldest first.</summary>
    internal static List<AttemptRow> Of(Db db, TicketKey ticket) =>
        db.All($"SELECT {Columns} FROM attempts WHERE ticket = {ticket} ORDER BY created_at, id", Read);

    /// <summary>Attempts whose worktree still stands although they are over: landed, given up half-way through their removal, or of a cancelled ticket.
    /// One that a run still works on is none.</summary>
    internal static List<AttemptRow> Leftover(Db db, ProjectId project) => db.All($"""
        SELECT {Columns} FROM attempts a
        WHERE project = {project} AND ticket IS NOT NULL AND worktree_state IN ('making', 'made', 'removing')
            AND (landed_at IS NOT NULL OR worktree_state = 'removing' OR EXISTS (SELECT 1 FROM tickets t WHERE t.key = a.ticket AND t.stage = 'cancelled'))
            AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.project = a.project AND r.attempt = a.id AND r.state <> 'settled')
        ORDER BY created_at, id
        """, Read);

    /// <summary>The next attempt of a ticket (or of a run's name): numbers start at 1 and do not come again.</summary>
    internal static AttemptId NextId(Db db, ProjectId project, string of)
    {
        var taken = db.All($"SELECT id FROM attempts WHERE project = {project} AND id LIKE {of + "/%"}", row => row.Attempt());
        return new(of, taken.Where(id => id.Of == of).Select(id => id.Number).DefaultIfEmpty().Max() + 1);
    }

    internal static bool MoveWorktree(Tx tx, ProjectId project, AttemptId id, WorktreeState from, WorktreeState to) => tx.Execute($"""
        UPDATE attempts SET worktree_state = {to.Word()} WHERE project = {project} AND id = {id} AND worktree_state = {from.Word()}
        """) == 1;

    internal static bool SetPostCreated(Tx tx, ProjectId project, AttemptId id) => tx.Execute(
        $"UPDATE attempts SET post_create_at = {tx.Now} WHERE project = {project} AND id = {id} AND post_create_at IS NULL") == 1;

    /// <summary>Its worktree is gone and is to be made again: what is run in a new one is to be run once more.</summary>
    internal static bool ForgetPostCreated(Tx tx, ProjectId project, AttemptId id) => tx.Execute(
        $"UPDATE attempts SET post_create_at = NULL WHERE project = {project} AND id = {id} AND post_create_at IS NOT NULL") == 1;

    internal static bool SetHead(Tx tx, ProjectId project, AttemptId id, CommitSha head) =>
        tx.Execute($"UPDATE attempts SET head = {head} WHERE project = {project} AND id = {id}") == 1;

    internal static bool Close(Tx tx, ProjectId project, AttemptId id, string reason) => tx.Execute($"""
        UPDATE attempts SET closed_at = {tx.Now}, close_reason = {reason} WHERE project = {project} AND id = {id} AND closed_at IS NULL
        """) == 1;

    /// <summary>Closes the attempt as landed.</summary>
    /// <exception cref="ConstraintException">Another attempt of the ticket has landed.</exception>
    internal static bool Land(Tx tx, ProjectId project, AttemptId id) => tx.Execute($"""
        UPDATE attempts SET landed_at = {tx.Now}, closed_at = coalesce(closed_at, {tx.Now}), close_reason = 'landed'
        WHERE project = {project} AND id = {id} AND landed_at IS NULL
        """) == 1;

    private static AttemptRow Read(Row row) => new(
        row.Project(), row.Attempt(), row.TicketOrNull(), row.Branch(), row.Node(), row.TextOrNull(), row.Word<WorktreeState>(),
        row.CommitOrNull(), row.BranchOrNull(), row.CommitOrNull(), row.TimeOrNull(), row.TimeOrNull(), row.TimeOrNull(), row.TextOrNull(), row.Time());
}
