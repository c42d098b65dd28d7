using Drover.Core;

namespace Drover.Server.Journaling;

/// <summary>One prompt until the agent rests.</summary>
/// <param name="Number">From 1, within the run.</param>
/// <param name="Message">The prompt or steer that opened it, where that is known.</param>
/// <param name="Result">Null while it is open.</param>
internal sealed record TurnRow(
    RunId Run, int Number, MessageId? Message, DateTimeOffset OpenedAt, DateTimeOffset? EndedAt, TurnResult? Result, RunUsage Usage)
{
    /// <summary>Null until it has used any tokens, and when the vendor did not name it.</summary>
    public string? Model { get; init; }

    /// <summary>It ended before the agent began it: the message that was to open it was never taken up.</summary>
    public bool IsUntaken { get; init; }
}

internal static class TurnTable
{
    private static readonly Sql Columns = new("""
        run, number, message, opened_at, ended_at, outcome, class, reason, retryable, resets_at,
        tokens_input, tokens_output, tokens_cache_read, tokens_cache_write, usd_micros, model, is_untaken
        """);

    /// <summary>Opens the run's next turn. Gives its number; null when one is open.</summary>
    internal static int? Open(Tx tx, RunId run, MessageId? message)
    {
        var number = tx.Number($"SELECT max(number) FROM turns WHERE run = {run}") ?? 0;
        var opened = tx.Execute($"""
            INSERT INTO turns ({Columns})
            SELECT {run}, {number + 1}, {message}, {tx.Now}, NULL, NULL, NULL, NULL, 0, NULL, 0, 0, 0, 0, NULL, NULL, 0
            WHERE NOT EXISTS (SELECT 1 FROM turns WHERE run = {run} AND ended_at IS NULL)
            """);
        return opened == 1 ? checked((int)number + 1) : null;
    }

    /// <summary>Ends the run's open turn; false when none is open.</summary>
    internal static bool End(Tx tx, RunId run, TurnResult result) => tx.Execute($"""
        UPDATE turns SET ended_at = {tx.Now}, outcome = {result.Outcome.Word()}, class = {result.Class.Word()}, reason = {result.Reason},
            retryable = {result.Retryable}, resets_at = {result.ResetsAt}
        WHERE run = {run} AND ended_at IS NULL
        """) == 1;

    /// <summary>Ends the run's next turn, of which the agent has never said that it began, or the open one.</summary>
    internal static bool EndUnannounced(Tx tx, RunId run, TurnResult result)
    {
        if (Open(tx, run, null) is { } number) tx.Execute($"UPDATE turns SET is_untaken = 1 WHERE run = {run} AND number = {number}");
        return End(tx, run, result);
    }

    /// <summary>Adds to the run's newest turn, which used the model that the run has now.</summary>
    internal static bool AddUsage(Tx tx, RunId run, RunUsage more) => tx.Execute($"""
        UPDATE turns SET tokens_input = tokens_input + {more.Input}, tokens_output = tokens_output + {more.Output},
            tokens_cache_read = tokens_cache_read + {more.CacheRead}, tokens_cache_write = tokens_cache_write + {more.CacheWrite},
            usd_micros = CASE WHEN {Usd.ToMicros(more.Usd)} IS NULL THEN usd_micros ELSE coalesce(usd_micros, 0) + {Usd.ToMicros(more.Usd)} END,
            model = coalesce(model, (SELECT model FROM runs WHERE id = {run}))
        WHERE run = {run} AND number = (SELECT max(number) FROM turns WHERE run = {run})
        """) == 1;

    /// <summary>Oldest first.</summary>
    internal static List<TurnRow> Of(Db db, RunId run) => db.All($"SELECT {Columns} FROM turns WHERE run = {run} ORDER BY number", Read);

    /// <summary>The newest turn of its agent's present process that has ended.</summary>
    internal static TurnRow? LastOfProcess(Db db, RunId run) => EndedOfProcess(db, run, 1).FirstOrDefault();

    /// <summary>The turns of its agent's present process that have ended, newest first.</summary>
    internal static List<TurnRow> EndedOfProcess(Db db, RunId run, int limit) => db.All($"""
        SELECT {Columns} FROM turns WHERE run = {run} AND ended_at IS NOT NULL AND number > (SELECT process_turn FROM runs WHERE id = {run})
        ORDER BY number DESC LIMIT {limit}
        """, Read);

    private static TurnRow Read(Row row)
    {
        var (run, number, message, opened, ended) = (row.Run(), row.Int(), row.MessageOrNull(), row.Time(), row.TimeOrNull());
        var (outcome, cause, reason) = (row.WordOrNull<Outcome>(), row.WordOrNull<FailureClass>(), row.TextOrNull());
        var (retryable, resetsAt) = (row.Bool(), row.TimeOrNull());
        return new(run, number, message, opened, ended, outcome is { } known ? new(known, cause, reason!, retryable, resetsAt) : null,
            new(row.Long(), row.Long(), row.Long(), row.Long(), row.UsdOrNull()))
        { Model = row.TextOrNull(), IsUntaken = row.Bool() };
    }
}
