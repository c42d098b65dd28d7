using Drover.Core;

namespace Drover.Server.Journaling;

/// <summary>A human's word on exactly one head; a branch that moves needs a new one.</summary>
internal sealed record LandingApprovalRow(
    ProjectId Project, AttemptId Attempt, TicketKey Ticket, CommitSha Head, LandingWord Word, Principal By, DateTimeOffset At);

internal static class LandingApprovalTable
{
    private static readonly Sql Columns = new("project, attempt, ticket, head, kind, actor, at");

    /// <summary>False when it has been said before.</summary>
    internal static bool Insert(Tx tx, LandingApprovalRow row) => tx.Execute($"""
        INSERT INTO landing_approvals ({Columns})
        VALUES ({row.Project}, {row.Attempt}, {row.Ticket}, {row.Head}, {row.Word.Word()}, {row.By}, {row.At})
        ON CONFLICT (project, attempt, head, kind) DO NOTHING
        """) == 1;

    internal static List<LandingApprovalRow> Of(Db db, ProjectId project, AttemptId attempt, CommitSha head) => db.All(
        $"SELECT {Columns} FROM landing_approvals WHERE project = {project} AND attempt = {attempt} AND head = {head} ORDER BY at", Read);

    internal static List<LandingApprovalRow> Of(Db db, TicketKey ticket) =>
        db.All($"SELECT {Columns} FROM landing_approvals WHERE ticket = {ticket} ORDER BY at", Read);

    private static LandingApprovalRow Read(Row row) =>
        new(row.Project(), row.Attempt(), row.Ticket(), row.Commit(), row.Word<LandingWord>(), row.Principal(), row.Time());
}
