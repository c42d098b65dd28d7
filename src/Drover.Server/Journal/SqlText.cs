using System.Runtime.CompilerServices;
using Drover.Core;

namespace Drover.Server.Journaling;

/// <summary>A piece of SQL that is written by us, to be put between the holes as it is: lists of columns, conditions.</summary>
internal readonly record struct Sql(string Text);

/// <summary>SQL with values: <c>$"… WHERE id = {id}"</c>. Each hole becomes a parameter, never text, so a value cannot become a statement.
/// A hole must not ask the database itself.</summary>
[InterpolatedStringHandler]
internal readonly ref struct SqlText
{
    private readonly Db db;

    public SqlText(int literalLength, int holes, Db db)
    {
        this.db = db;
        db.Statements.Begin();
    }

    public void AppendLiteral(string text) => db.Statements.Append(text);

    public void AppendFormatted(Sql sql) => db.Statements.Append(sql.Text);

    public void AppendFormatted<T>(T value) => db.Statements.AppendParameter(Stored(value));

    /// <summary>How a value stands in a row: times in unix milliseconds, names and ids as text, yes and no as 1 and 0. Enums are given as their word.</summary>
    private static object Stored(object? value) => value switch
    {
        null => DBNull.Value,
        string or long or byte[] => value,
        int number => (long)number,
        bool yes => yes ? 1L : 0L,
        DateTimeOffset time => time.ToUnixTimeMilliseconds(),
        RunId or ProjectId or TicketKey or AttemptId or NodeId or BranchName or CommitSha or TreeSha or MessageId or RunName or Principal => value.ToString()!,
        _ => throw new NotSupportedException($"{value.GetType()} has no form in a row"),
    };
}
