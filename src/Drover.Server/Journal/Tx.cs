using System.Runtime.CompilerServices;
using Drover.Core;
using Microsoft.Data.Sqlite;

namespace Drover.Server.Journaling;

/// <summary>The open transaction of a command. Valid only inside the command; used on the writer's thread alone.</summary>
internal sealed class Tx : Db
{
    private readonly TimeProvider time;
    private readonly List<EventRow> emitted = [];
    private long lastSeq;

    internal Tx(Statements statements, TimeProvider time) : base(statements)
    {
        this.time = time;
        lastSeq = EventTable.LastSeq(this);
    }

    /// <summary>The time now, in whole milliseconds as rows hold it.</summary>
    internal DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Runs a statement. Gives the number of rows it changed: 0 from a guarded update means "too late".</summary>
    /// <exception cref="ConstraintException">The schema forbids it.</exception>
    internal int Execute([InterpolatedStringHandlerArgument("")] SqlText sql)
    {
        try
        {
            return Statements.Take().ExecuteNonQuery();
        }
        catch (SqliteException e)
        {
            throw Trouble.Of(e);
        }
    }

    /// <summary>The next number of a counter; never given out twice once the command is stored.</summary>
    internal long Next(string counter) =>
        Number($"UPDATE counters SET value = value + 1 WHERE name = {counter} RETURNING value")
        ?? throw new InvalidOperationException($"there is no counter '{counter}'");

    /// <summary>Writes an event; subscribers see it after the commit. Data that is no JSON object is kept, word for word, as a raw event.</summary>
    /// <returns>The event's number.</returns>
    internal long Emit(string type, Subject about, Principal actor, string data = EventData.Empty)
    {
        if (!EventData.IsObject(data))
        {
            var (text, of) = (data, type);
            data = EventData.Of(writer =>
            {
                writer.WriteString("of", of);
                writer.WriteString("text", text);
            });
            type = EventTypes.Raw;
        }

        var row = new EventRow(lastSeq + 1, type, about, actor, Now, data);
        EventTable.Insert(this, row);
        emitted.Add(row);
        return ++lastSeq;
    }

    internal int Mark() => emitted.Count;

    /// <summary>Forgets the events since the mark: their command was rolled back, so their numbers are free.</summary>
    internal void BackTo(int mark)
    {
        lastSeq -= emitted.Count - mark;
        emitted.RemoveRange(mark, emitted.Count - mark);
    }

    /// <summary>The last statement of a group.</summary>
    internal void StoreLastSeq()
    {
        if (emitted.Count > 0) EventTable.StoreLastSeq(this, lastSeq);
    }

    internal IReadOnlyList<EventRow> TakeEmitted()
    {
        if (emitted.Count == 0) return [];
        var rows = emitted.ToArray();
        emitted.Clear();
        return rows;
    }
}
