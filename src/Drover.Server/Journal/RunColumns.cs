using Drover.Core;

namespace Drover.Server.Journaling;

/// <summary>How a <see cref="RunRow"/> is read: one order of columns, one reader.</summary>
internal static class RunColumns
{
    internal static readonly Sql All = new("""
        id, project, ticket, attempt, role, agent, adapter, name, node, parent, resume_of, state, created_at, started_at, ended_at,
        no_worktree, cleanup, worktree, base, model,
        boot_id, pid, pid_start, sandbox, containment, exit_code, exit_at, conversation, vendor_conversation,
        watermark, input_end, input_closed, handshake_at, prompt_message, prompt_written_at, accepted_at, turn_open, open_tools, last_event_at,
        limited_until, awake_ms, commit_asks,
        stop_by, stop_reason, stop_at, fault_outcome, fault_class, fault_reason, finish_at,
        outcome, class, reason, ended_by, retryable, resets_at,
        head, commits, files_changed, insertions, deletions, dirty, salvage_ref, summary, note,
        tokens_input, tokens_output, tokens_cache_read, tokens_cache_write, usd_micros,
        waiting_until, waiting_since, waits, waited_ms, silent_limit, silent_since, look_failed_at, resume_vendor_id, fresh_reason, fork_of,
        successor, process_number, process_spool, begun_at, entry, account
        """);

    internal static RunRow Read(Row row)
    {
        var run = new RunRow(
            row.Run(), row.Project(), row.TicketOrNull(), row.AttemptOrNull(), row.Word<Role>(), row.Text(), row.Text(), new(row.Text()), row.Node(),
            row.RunOrNull(), row.RunOrNull(), row.Word<RunState>(), row.Time(), row.TimeOrNull(), row.TimeOrNull(),
            row.Bool(), row.Bool(), row.TextOrNull(), row.CommitOrNull(), row.TextOrNull());
        // An initializer runs in the order in which it is written, which is the order of the columns.
        return run with
        {
            Process = ReadProcess(row, run.Node),
            Sandbox = row.TextOrNull(),
            Containment = row.WordOrNull<Containment>(),
            Exit = (row.IntOrNull(), row.TimeOrNull()) is (var code, { } at) ? new(code, at) : null,
            Conversation = new(row.MessageOrNull(), row.TextOrNull()),
            Progress = ReadProgress(row),
            Stop = (row.PrincipalOrNull(), row.TextOrNull()) is ({ } by, { } reason) ? new(by, reason) : null,
            StopAt = row.TimeOrNull(),
            Fault = (row.WordOrNull<Outcome>(), row.WordOrNull<FailureClass>(), row.TextOrNull()) is ({ } outcome, var cause, { } why)
                ? new(outcome, cause, why) : null,
            FinishAt = row.TimeOrNull(),
            Ending = ReadEnding(row),
            Result = ReadResult(row),
            Usage = new(row.Long(), row.Long(), row.Long(), row.Long(), row.UsdOrNull()),
            Wait = new(row.TimeOrNull(), row.TimeOrNull(), row.Int(), TimeSpan.FromMilliseconds(row.Long())),
            Silence = (row.WordOrNull<TimeLimit>(), row.TimeOrNull()) is ({ } limit, { } since) ? new(limit, since) : null,
            LookFailedAt = row.TimeOrNull(),
            ResumeVendorId = row.TextOrNull(),
            FreshReason = row.TextOrNull(),
            ForkOf = row.MessageOrNull(),
            Successor = row.WordOrNull<Successor>(),
            ProcessNumber = row.Int(),
            SpoolStart = row.Long(),
            BegunAt = row.TimeOrNull(),
            Entry = row.Text(),
            Account = row.Text(),
        };
    }

    private static ProcessIdentity? ReadProcess(Row row, NodeId node) =>
        (row.TextOrNull(), row.IntOrNull(), row.LongOrNull()) is ({ } boot, { } pid, { } start) ? new(node, boot, pid, checked((ulong)start)) : null;

    private static RunProgress ReadProgress(Row row) => new()
    {
        Watermark = row.Long(),
        InputEnd = row.Long(),
        InputClosed = row.Bool(),
        HandshakeAt = row.TimeOrNull(),
        PromptMessage = row.MessageOrNull(),
        PromptWrittenAt = row.TimeOrNull(),
        AcceptedAt = row.TimeOrNull(),
        TurnOpen = row.Bool(),
        OpenTools = row.Int(),
        LastEventAt = row.TimeOrNull(),
        LimitedUntil = row.TimeOrNull(),
        Awake = TimeSpan.FromMilliseconds(row.Long()),
        CommitAsks = row.Int(),
    };

    private static Ending? ReadEnding(Row row)
    {
        var (outcome, cause, reason, by) = (row.WordOrNull<Outcome>(), row.WordOrNull<FailureClass>(), row.TextOrNull(), row.PrincipalOrNull());
        var (retryable, resetsAt) = (row.Bool(), row.TimeOrNull());
        return outcome is { } known ? new(known, cause, reason!, by!) { Retryable = retryable, ResetsAt = resetsAt } : null;
    }

    private static RunResult ReadResult(Row row) => new()
    {
        Head = row.CommitOrNull(),
        Commits = row.IntOrNull(),
        FilesChanged = row.IntOrNull(),
        Insertions = row.IntOrNull(),
        Deletions = row.IntOrNull(),
        Dirty = row.Texts(),
        SalvageRef = row.TextOrNull(),
        Summary = row.TextOrNull(),
        Note = row.TextOrNull(),
    };
}
