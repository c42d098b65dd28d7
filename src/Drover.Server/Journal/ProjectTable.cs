using Drover.Core;

namespace Drover.Server.Journaling;

/// <param name="Path">The repository as the user named it, absolute.</param>
/// <param name="GitDir">The repository's common git directory, absolute: what makes two paths the same project.</param>
/// <param name="NextNumber">The number of the next ticket.</param>
internal sealed record ProjectRow(ProjectId Id, string Path, string GitDir, string Prefix, long NextNumber, DateTimeOffset AddedAt, DateTimeOffset? RemovedAt);

internal static class ProjectTable
{
    private static readonly Sql Columns = new("id, path, git_dir, prefix, next_number, added_at, removed_at");

    /// <exception cref="ConstraintException">The id, the prefix or the repository is taken.</exception>
    internal static void Insert(Tx tx, ProjectRow row) => tx.Execute($"""
        INSERT INTO projects ({Columns})
        VALUES ({row.Id}, {row.Path}, {row.GitDir}, {row.Prefix}, {row.NextNumber}, {row.AddedAt}, {row.RemovedAt})
        """);

    internal static ProjectRow? Get(Db db, ProjectId id) => db.One($"SELECT {Columns} FROM projects WHERE id = {id}", Read);

    internal static ProjectRow? ByGitDir(Db db, string gitDir) =>
        db.One($"SELECT {Columns} FROM projects WHERE git_dir = {gitDir} AND removed_at IS NULL", Read);

    /// <summary>Also finds a removed project: its prefix stays taken.</summary>
    internal static ProjectRow? ByPrefix(Db db, string prefix) => db.One($"SELECT {Columns} FROM projects WHERE prefix = {prefix}", Read);

    /// <summary>The projects that are not removed, by id.</summary>
    internal static List<ProjectRow> List(Db db) => db.All($"SELECT {Columns} FROM projects WHERE removed_at IS NULL ORDER BY id", Read);

    internal static bool Remove(Tx tx, ProjectId id) =>
        tx.Execute($"UPDATE projects SET removed_at = {tx.Now} WHERE id = {id} AND removed_at IS NULL") == 1;

    internal static bool Restore(Tx tx, ProjectId id, string path, string gitDir) =>
        tx.Execute($"UPDATE projects SET removed_at = NULL, path = {path}, git_dir = {gitDir} WHERE id = {id} AND removed_at IS NOT NULL") == 1;

    /// <summary>The commit whose <c>drover.yaml</c> was in force last; null before the first.</summary>
    internal static CommitSha? ConfigCommit(Db db, ProjectId id) => db.One($"SELECT config_commit FROM projects WHERE id = {id}", row => new Kept(row.CommitOrNull()))?.Commit;

    internal static bool SetConfigCommit(Tx tx, ProjectId id, CommitSha commit) =>
        tx.Execute($"UPDATE projects SET config_commit = {commit} WHERE id = {id}") == 1;

    /// <summary>The key of a new ticket. A number is given out once.</summary>
    internal static TicketKey TakeKey(Tx tx, ProjectRow project)
    {
        var next = tx.Number($"UPDATE projects SET next_number = next_number + 1 WHERE id = {project.Id} RETURNING next_number")
            ?? throw new InvalidOperationException($"there is no project '{project.Id}'");
        return new(project.Prefix, checked((int)(next - 1)));
    }

    private sealed record Kept(CommitSha? Commit);

    private static ProjectRow Read(Row row) =>
        new(row.Project(), row.Text(), row.Text(), row.Text(), row.Long(), row.Time(), row.TimeOrNull());
}
