using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace Drover.Server.Journaling;

/// <summary>A consistent view of the journal. Valid only inside the function it was given to.</summary>
internal class Db(Statements statements)
{
    internal Statements Statements => statements;

    /// <summary>All rows, read before this returns.</summary>
    internal List<T> All<T>([InterpolatedStringHandlerArgument("")] SqlText sql, Func<Row, T> read) => Until(sql, read, static _ => false);

    /// <summary>The rows up to and with the first after which it is enough.</summary>
    internal List<T> Until<T>([InterpolatedStringHandlerArgument("")] SqlText sql, Func<Row, T> read, Func<T, bool> enough)
    {
        var rows = new List<T>();
        try
        {
            using var reader = statements.Take().ExecuteReader();
            var row = new Row(reader);
            while (reader.Read())
            {
                var next = read(row.Start());
                rows.Add(next);
                if (enough(next)) break;
            }

            return rows;
        }
        catch (SqliteException e)
        {
            throw Trouble.Of(e);
        }
    }

    /// <summary>The first row; null when there is none.</summary>
    internal T? One<T>([InterpolatedStringHandlerArgument("")] SqlText sql, Func<Row, T> read) where T : class =>
        All(sql, read) is [var first, ..] ? first : null;

    /// <summary>The number in the first column of the first row; null when there is no row or no value.</summary>
    internal long? Number([InterpolatedStringHandlerArgument("")] SqlText sql) =>
        All(sql, static row => row.LongOrNull()) is [var first, ..] ? first : null;
}
