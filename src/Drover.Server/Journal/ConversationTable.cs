using Drover.Core;

namespace Drover.Server.Journaling;

/// <summary>What an agent remembers. It can be taken up again only on the same node, with the same adapter, home, directory and model.</summary>
/// <param name="Run">The run that first had it.</param>
internal sealed record ConversationRow(
    MessageId Id, ProjectId Project, AttemptId? Attempt, RunId Run, NodeId Node, string Adapter, string Home, string WorkingDirectory,
    string VendorId, string? Model, DateTimeOffset CreatedAt);

internal static class ConversationTable
{
    private static readonly Sql Columns = new("id, project, attempt, run, node, adapter, home, cwd, vendor_id, model, created_at");

    internal static void Insert(Tx tx, ConversationRow row) => tx.Execute($"""
        INSERT INTO conversations ({Columns})
        VALUES ({row.Id}, {row.Project}, {row.Attempt}, {row.Run}, {row.Node}, {row.Adapter}, {row.Home}, {row.WorkingDirectory},
            {row.VendorId}, {row.Model}, {row.CreatedAt})
        """);

    internal static ConversationRow? Get(Db db, MessageId id) => db.One($"SELECT {Columns} FROM conversations WHERE id = {id}", Read);

    /// <summary>The one that the run was the first to have.</summary>
    internal static ConversationRow? ByVendorId(Db db, RunId run, string vendorId) =>
        db.One($"SELECT {Columns} FROM conversations WHERE run = {run} AND vendor_id = {vendorId}", Read);

    /// <summary>Newest first.</summary>
    internal static List<ConversationRow> Of(Db db, ProjectId project, AttemptId attempt) => db.All(
        $"SELECT {Columns} FROM conversations WHERE project = {project} AND attempt = {attempt} ORDER BY created_at DESC, id", Read);

    private static ConversationRow Read(Row row) => new(
        row.Message(), row.Project(), row.AttemptOrNull(), row.Run(), row.Node(), row.Text(), row.Text(), row.Text(), row.Text(),
        row.TextOrNull(), row.Time());
}
