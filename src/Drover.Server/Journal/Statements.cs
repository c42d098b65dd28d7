using System.Buffers;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Drover.Server.Journaling;

/// <summary>The prepared statements of one connection, found by their text. All SQL is constant text of ours, so there is only a limited number.
/// Used by one thread at a time.</summary>
internal sealed class Statements(SqliteConnection connection) : IDisposable
{
    private readonly ArrayBufferWriter<char> text = new(1024);
    private readonly List<object> values = [];
    private readonly Dictionary<string, SqliteCommand> prepared = new(StringComparer.Ordinal);

    internal SqliteConnection Connection => connection;

    internal void Begin()
    {
        text.ResetWrittenCount();
        values.Clear();
    }

    internal void Append(string piece) => text.Write(piece);

    internal void AppendParameter(object value)
    {
        text.Write("$");
        values.Count.TryFormat(text.GetSpan(3), out var written, provider: CultureInfo.InvariantCulture);
        text.Advance(written);
        values.Add(value);
    }

    /// <summary>The statement whose text and values were appended since <see cref="Begin"/>.</summary>
    internal SqliteCommand Take()
    {
        var known = prepared.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!known.TryGetValue(text.WrittenSpan, out var command))
        {
            var sql = text.WrittenSpan.ToString();
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < values.Count; i++) command.Parameters.Add(new SqliteParameter("$" + i.ToString(CultureInfo.InvariantCulture), null));
            prepared.Add(sql, command);
        }

        for (var i = 0; i < values.Count; i++) command.Parameters[i].Value = values[i];
        return command;
    }

    public void Dispose()
    {
        foreach (var command in prepared.Values) command.Dispose();
        prepared.Clear();
    }
}
