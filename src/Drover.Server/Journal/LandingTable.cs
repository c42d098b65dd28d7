using Drover.Core;

namespace Drover.Server.Journaling;

/// <param name="Run">The run whose work it is; null when a human pushed a branch of their own.</param>
/// <param name="Head">The attempt's branch that is to land.</param>
/// <param name="Old">The target branch as the candidate was made for it.</param>
/// <param name="New">The commit that would become the target; null only where none could be made.</param>
/// <param name="Files">The files that conflict, or that stand in the way.</param>
internal sealed record LandingRow(
    long Id, ProjectId Project, TicketKey Ticket, AttemptId Attempt, RunId? Run, BranchName Target, LandMethod Method, LandingState State,
    CommitSha Head, CommitSha Old, CommitSha? New, TreeSha? Tree, string? Reason, IReadOnlyList<string> Files,
    Principal CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

internal static class LandingTable
{
    private static readonly Sql Columns = new("""
        id, project, ticket, attempt, run, target, method, state, head, old_commit, new_commit, tree, reason, files, created_by, created_at, updated_at
        """);

    internal static long NextId(Tx tx) => tx.Next("landings");

    /// <exception cref="ConstraintException">The attempt has an open landing.</exception>
    internal static void Insert(Tx tx, LandingRow row) => tx.Execute($"""
        INSERT INTO landings ({Columns})
        VALUES ({row.Id}, {row.Project}, {row.Ticket}, {row.Attempt}, {row.Run}, {row.Target}, {row.Method.Word()}, {row.State.Word()}, {row.Head},
            {row.Old}, {row.New}, {row.Tree}, {row.Reason}, {TextList.Of(row.Files)}, {row.CreatedBy}, {row.CreatedAt}, {row.UpdatedAt})
        """);

    internal static LandingRow? Get(Db db, long id) => db.One($"SELECT {Columns} FROM landings WHERE id = {id}", Read);

    /// <summary>The attempt's landing that is on its way.</summary>
    internal static LandingRow? OpenOf(Db db, ProjectId project, AttemptId attempt) => db.One($"""
        SELECT {Columns} FROM landings WHERE project = {project} AND attempt = {attempt} AND state IN ('made', 'testing', 'tested', 'intended')
        """, Read);

    /// <summary>Every landing that is on its way, oldest first.</summary>
    internal static List<LandingRow> Open(Db db) =>
        db.All($"SELECT {Columns} FROM landings WHERE state IN ('made', 'testing', 'tested', 'intended') ORDER BY id", Read);

    /// <summary>Newest first.</summary>
    internal static List<LandingRow> Of(Db db, TicketKey ticket) =>
        db.All($"SELECT {Columns} FROM landings WHERE ticket = {ticket} ORDER BY id DESC", Read);

    /// <summary>A move that needs no reason: on the way, or landed.</summary>
    /// <exception cref="ConstraintException">Another landing of the ticket has landed.</exception>
    internal static bool Move(Tx tx, long id, LandingState from, LandingState to) =>
        tx.Execute($"UPDATE landings SET state = {to.Word()}, updated_at = {tx.Now} WHERE id = {id} AND state = {from.Word()}") == 1;

    /// <summary>Says what an open landing waits for. False when that was said before.</summary>
    internal static bool Explain(Tx tx, long id, string reason) => tx.Execute($"""
        UPDATE landings SET reason = {reason}, updated_at = {tx.Now}
        WHERE id = {id} AND (reason IS NULL OR reason <> {reason}) AND state IN ('made', 'testing', 'tested', 'intended')
        """) == 1;

    /// <summary>Ends the landing without landing.</summary>
    internal static bool End(Tx tx, long id, LandingState from, LandingState to, string reason, IReadOnlyList<string> files) => tx.Execute($"""
        UPDATE landings SET state = {to.Word()}, reason = {reason}, files = {TextList.Of(files)}, updated_at = {tx.Now}
        WHERE id = {id} AND state = {from.Word()}
        """) == 1;

    private static LandingRow Read(Row row) => new(
        row.Long(), row.Project(), row.Ticket(), row.Attempt(), row.RunOrNull(), row.Branch(), row.Word<LandMethod>(), row.Word<LandingState>(),
        row.Commit(), row.Commit(), row.CommitOrNull(), row.TreeOrNull(), row.TextOrNull(), row.Texts(), row.Principal(), row.Time(), row.Time());
}
