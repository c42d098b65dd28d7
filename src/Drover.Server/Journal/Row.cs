using System.Text.Json;
using Drover.Core;
using Microsoft.Data.Sqlite;

namespace Drover.Server.Journaling;

/// <summary>One row under the reader: each call takes the next column, so a row is read in the order in which its columns are named.</summary>
internal sealed class Row(SqliteDataReader reader)
{
    private int next;

    internal Row Start()
    {
        next = 0;
        return this;
    }

    internal string Text() => reader.GetString(next++);

    internal string? TextOrNull() => TakesNull() ? null : Text();

    internal long Long() => reader.GetInt64(next++);

    internal long? LongOrNull() => TakesNull() ? null : Long();

    internal int Int() => checked((int)Long());

    internal int? IntOrNull() => TakesNull() ? null : Int();

    internal bool Bool() => Long() != 0;

    internal byte[] Bytes() => reader.GetFieldValue<byte[]>(next++);

    internal DateTimeOffset Time() => DateTimeOffset.FromUnixTimeMilliseconds(Long());

    internal DateTimeOffset? TimeOrNull() => TakesNull() ? null : Time();

    /// <summary>US dollars, stored in millionths.</summary>
    internal decimal? UsdOrNull() => LongOrNull() is { } micros ? Usd.FromMicros(micros) : null;

    internal T Word<T>() where T : struct, Enum => Words.Parse<T>(Text());

    internal T? WordOrNull<T>() where T : struct, Enum => TextOrNull() is { } word ? Words.Parse<T>(word) : null;

    internal RunId Run() => new(Text());

    internal RunId? RunOrNull() => TextOrNull() is { } text ? new(text) : null;

    internal ProjectId Project() => new(Text());

    internal ProjectId? ProjectOrNull() => TextOrNull() is { } text ? new(text) : null;

    internal TicketKey Ticket() => TicketKey.Parse(Text());

    internal TicketKey? TicketOrNull() => TextOrNull() is { } text ? TicketKey.Parse(text) : null;

    internal AttemptId Attempt() => AttemptId.Parse(Text());

    internal AttemptId? AttemptOrNull() => TextOrNull() is { } text ? AttemptId.Parse(text) : null;

    internal NodeId Node() => new(Text());

    internal BranchName Branch() => new(Text());

    internal BranchName? BranchOrNull() => TextOrNull() is { } text ? new(text) : null;

    internal CommitSha Commit() => new(Text());

    internal CommitSha? CommitOrNull() => TextOrNull() is { } text ? new(text) : null;

    internal TreeSha Tree() => new(Text());

    internal TreeSha? TreeOrNull() => TextOrNull() is { } text ? new(text) : null;

    internal MessageId Message() => new(Text());

    internal MessageId? MessageOrNull() => TextOrNull() is { } text ? new(text) : null;

    internal Principal Principal() => Actor.Parse(Text());

    internal Principal? PrincipalOrNull() => TextOrNull() is { } text ? Actor.Parse(text) : null;

    internal IReadOnlyList<string> Texts() => TextList.Parse(Text());

    private bool TakesNull()
    {
        if (!reader.IsDBNull(next)) return false;
        next++;
        return true;
    }
}

/// <summary>An actor in a row: <c>kind:id</c>.</summary>
internal static class Actor
{
    internal static Principal Parse(string text)
    {
        var colon = text.IndexOf(':');
        return colon > 0 ? new(Words.Parse<PrincipalKind>(text[..colon]), text[(colon + 1)..]) : throw new FormatException($"'{text}' names no actor");
    }
}

/// <summary>A list of texts in one column, as a JSON array.</summary>
internal static class TextList
{
    internal static string Of(IReadOnlyList<string> texts) => EventData.Array(texts);

    internal static IReadOnlyList<string> Parse(string json)
    {
        if (json == "[]") return [];
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Select(e => e.GetString()!)];
    }
}

internal static class Usd
{
    internal static decimal FromMicros(long micros) => micros / 1_000_000m;

    internal static long? ToMicros(decimal? usd) => usd is { } value ? (long)decimal.Round(value * 1_000_000m) : null;
}
