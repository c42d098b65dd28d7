using Drover.Agents;
using Drover.Core;

namespace Drover.Server.Journaling;

/// <summary>The runs. A run is written in small steps, each guarded by the state it expects: false = "too late".</summary>
internal static class RunTable
{
    /// <summary>Reserves a run, with its name, its agent and its place on the attempt.</summary>
    /// <param name="run">In state <see cref="RunState.Reserved"/>; what comes later (process, progress, result) is not read.</param>
    /// <param name="tokenHash">The hash of the run's token. It is in no row record, so it gets into no answer.</param>
    /// <exception cref="ConstraintException">The name is taken, or the agent, the role on the attempt or the project's checkout is busy.</exception>
    internal static void Insert(Tx tx, RunRow run, RunOrder order, string tokenHash) => tx.Execute($"""
        INSERT INTO runs (id, project, ticket, attempt, role, agent, adapter, name, node, parent, resume_of, state, created_at, no_worktree, cleanup,
            worktree, base, model, instruction, prompt, settings, command, token_hash, conversation, vendor_conversation,
            watermark, input_end, input_closed, turn_open, open_tools, awake_ms, commit_asks, retryable, dirty,
            tokens_input, tokens_output, tokens_cache_read, tokens_cache_write, resume_vendor_id, fresh_reason, fork_of)
        VALUES ({run.Id}, {run.Project}, {run.Ticket}, {run.Attempt}, {run.Role.Word()}, {run.Agent}, {run.Adapter}, {run.Name}, {run.Node}, {run.Parent},
            {run.ResumeOf}, {run.State.Word()}, {run.CreatedAt}, {run.NoWorktree}, {run.Cleanup}, {run.Worktree}, {run.Base}, {run.Model},
            {order.Instruction}, {order.Prompt}, {order.Settings}, {TextList.Of(order.Command)}, {tokenHash}, {run.Conversation.Id}, {run.Conversation.VendorId},
            0, 0, 0, 0, 0, 0, 0, 0, '[]', 0, 0, 0, 0, {run.ResumeVendorId}, {run.FreshReason}, {run.ForkOf})
        """);

    internal static RunRow? Get(Db db, RunId id) => db.One($"SELECT {RunColumns.All} FROM runs WHERE id = {id}", RunColumns.Read);

    internal static RunRow? ByName(Db db, ProjectId project, RunName name) =>
        db.One($"SELECT {RunColumns.All} FROM runs WHERE project = {project} AND name = {name}", RunColumns.Read);

    internal static RunRow? ByTokenHash(Db db, string hash) =>
        db.One($"SELECT {RunColumns.All} FROM runs WHERE token_hash = {hash}", RunColumns.Read);

    internal static RunOrder? OrderOf(Db db, RunId id) => db.One(
        $"SELECT instruction, prompt, settings, command FROM runs WHERE id = {id}",
        row => new RunOrder(row.TextOrNull(), row.TextOrNull(), row.Text(), row.Texts()));

    internal static Checkpoint? CheckpointOf(Db db, RunId id) => db.One(
        $"SELECT checkpoint_version, checkpoint FROM runs WHERE id = {id} AND checkpoint IS NOT NULL", row => new Checkpoint(row.Text(), row.Text()));

    /// <summary>Newest first.</summary>
    internal static List<RunRow> List(Db db, int limit = 50) => db.All(
        $"SELECT {RunColumns.All} FROM runs ORDER BY created_at DESC, id DESC LIMIT {limit}", RunColumns.Read);

    /// <summary>Of a project, newest first.</summary>
    internal static List<RunRow> Of(Db db, ProjectId project, int limit) => db.All(
        $"SELECT {RunColumns.All} FROM runs WHERE project = {project} ORDER BY created_at DESC, id DESC LIMIT {limit}", RunColumns.Read);

    /// <summary>All of a ticket, newest first.</summary>
    internal static List<RunRow> Of(Db db, TicketKey ticket) => db.All(
        $"SELECT {RunColumns.All} FROM runs WHERE ticket = {ticket} ORDER BY created_at DESC, id DESC", RunColumns.Read);

    /// <summary>All of an attempt, newest first.</summary>
    internal static List<RunRow> Of(Db db, ProjectId project, AttemptId attempt) => db.All(
        $"SELECT {RunColumns.All} FROM runs WHERE project = {project} AND attempt = {attempt} ORDER BY created_at DESC, id DESC", RunColumns.Read);

    /// <summary>Every run that is not settled, oldest first: what a restarted server takes up.</summary>
    internal static List<RunRow> Active(Db db) => db.All(
        $"SELECT {RunColumns.All} FROM runs WHERE state <> 'settled' ORDER BY created_at, id", RunColumns.Read);

    /// <summary>What a restarted server has to take up: every run that is not settled, and settled ones whose worktree is still to go.</summary>
    internal static List<RunId> ToTakeUp(Db db) => db.All($"""
        SELECT r.id FROM runs r LEFT JOIN attempts a ON a.project = r.project AND a.id = r.attempt
        WHERE r.state <> 'settled' OR (a.worktree_state IN ('making', 'made', 'removing') AND a.landed_at IS NULL AND (r.cleanup = 1 OR r.accepted_at IS NULL))
        ORDER BY r.created_at, r.id
        """, row => row.Run());

    internal static bool Move(Tx tx, RunId id, RunState from, RunState to) =>
        tx.Execute($"UPDATE runs SET state = {to.Word()} WHERE id = {id} AND state = {from.Word()}") == 1;

    internal static bool RecordPlace(Tx tx, RunId id, string worktree, CommitSha? baseCommit) => tx.Execute(
        $"UPDATE runs SET worktree = {worktree}, base = {baseCommit} WHERE id = {id} AND state IN ('reserved', 'preparing')") == 1;

    /// <summary>The exact first prompt and command line, before anything is started.</summary>
    internal static bool RecordLaunch(Tx tx, RunId id, string prompt, IReadOnlyList<string> command, string sandbox) => tx.Execute($"""
        UPDATE runs SET prompt = {prompt}, command = {TextList.Of(command)}, sandbox = {sandbox}
        WHERE id = {id} AND state IN ('reserved', 'preparing', 'starting')
        """) == 1;

    internal static bool RecordKeeper(Tx tx, RunId id, ProcessIdentity process, Containment containment) => tx.Execute($"""
        UPDATE runs SET boot_id = {process.BootId}, pid = {process.Pid}, pid_start = {checked((long)process.StartTime)},
            containment = {containment.Word()}, started_at = coalesce(started_at, {tx.Now})
        WHERE id = {id} AND state <> 'settled'
        """) == 1;

    internal static bool RecordConversation(Tx tx, RunId id, RunConversation conversation, string? model) => tx.Execute($"""
        UPDATE runs SET conversation = {conversation.Id}, vendor_conversation = {conversation.VendorId}, model = coalesce({model}, model)
        WHERE id = {id} AND state <> 'settled'
        """) == 1;

    /// <summary>Stores the machine's state and all of the progress except <see cref="RunProgress.InputEnd"/>, which <see cref="FrameTable.Append"/> moves,
    /// and <see cref="RunProgress.Awake"/>. False when the spool has been read further already, or the run is settled.</summary>
    /// <param name="expectedWatermark">The watermark from which the output was read.</param>
    internal static bool RecordProgress(Tx tx, RunId id, long expectedWatermark, RunProgress progress, Checkpoint checkpoint) => tx.Execute($"""
        UPDATE runs SET watermark = {progress.Watermark}, input_closed = {progress.InputClosed}, handshake_at = {progress.HandshakeAt},
            prompt_message = {progress.PromptMessage}, prompt_written_at = {progress.PromptWrittenAt}, accepted_at = {progress.AcceptedAt},
            turn_open = {progress.TurnOpen}, open_tools = {progress.OpenTools}, last_event_at = {progress.LastEventAt},
            limited_until = {progress.LimitedUntil}, commit_asks = {progress.CommitAsks},
            checkpoint_version = {checkpoint.Version}, checkpoint = {checkpoint.Json}
        WHERE id = {id} AND watermark = {expectedWatermark} AND state <> 'settled'
        """) == 1;

    /// <summary>The run waits for its vendor until then. False when it waits already, or is settled.</summary>
    internal static bool BeginWait(Tx tx, RunId id, DateTimeOffset until) => tx.Execute($"""
        UPDATE runs SET waiting_until = {until}, waiting_since = {tx.Now} WHERE id = {id} AND waiting_until IS NULL AND state <> 'settled'
        """) == 1;

    /// <summary>The wait is over, since something is said to the agent. False when it did not wait.</summary>
    internal static bool EndWait(Tx tx, RunId id) => tx.Execute($"""
        UPDATE runs SET waits = waits + 1, waited_ms = waited_ms + CASE WHEN waiting_since < {tx.Now} THEN {tx.Now} - waiting_since ELSE 0 END,
            waiting_until = NULL, waiting_since = NULL
        WHERE id = {id} AND waiting_until IS NOT NULL
        """) == 1;

    /// <summary>The agent has got on with its work: the next wait is a first one.</summary>
    internal static bool ForgetWaits(Tx tx, RunId id) => tx.Execute($"UPDATE runs SET waits = 0 WHERE id = {id} AND waits > 0") == 1;

    internal static bool RecordSilence(Tx tx, RunId id, SilenceFact? silence) => tx.Execute($"""
        UPDATE runs SET silent_limit = {silence?.Limit.Word()}, silent_since = {silence?.Since} WHERE id = {id} AND state <> 'settled'
        """) == 1;

    /// <param name="at">When a look at its process failed; null when one has succeeded.</param>
    internal static bool RecordLook(Tx tx, RunId id, DateTimeOffset? at) =>
        tx.Execute($"UPDATE runs SET look_failed_at = {at} WHERE id = {id} AND state <> 'settled'") == 1;

    /// <summary>The run is to begin a conversation of its own: what its agent has left is to go, then it starts once more. False when it is not to resume one.</summary>
    internal static bool IntendAnew(Tx tx, RunId id, string reason) => tx.Execute($"""
        UPDATE runs SET fresh_reason = {reason} WHERE id = {id} AND state = 'stopping' AND resume_vendor_id IS NOT NULL AND fork_of IS NULL AND fresh_reason IS NULL
        """) == 1;

    /// <summary>Starts it once more, as if it had never had an agent: without checkpoint, output, input and process.</summary>
    internal static bool BeginAnew(Tx tx, RunId id)
    {
        if (tx.Number($"SELECT count(*) FROM runs WHERE id = {id} AND state = 'stopping' AND resume_vendor_id IS NOT NULL AND fresh_reason IS NOT NULL") != 1) return false;
        tx.Execute($"DELETE FROM turns WHERE run = {id}");
        tx.Execute($"DELETE FROM frames WHERE run = {id}");
        tx.Execute($"DELETE FROM inputs WHERE run = {id}");
        return tx.Execute($"""
            UPDATE runs SET state = 'starting', resume_vendor_id = NULL, conversation = NULL, vendor_conversation = NULL, prompt = NULL, command = '[]', sandbox = NULL,
                containment = NULL, boot_id = NULL, pid = NULL, pid_start = NULL, exit_code = NULL, exit_at = NULL, finish_at = NULL,
                checkpoint_version = NULL, checkpoint = NULL, watermark = 0, input_end = 0, input_closed = 0, handshake_at = NULL,
                prompt_message = NULL, prompt_written_at = NULL, turn_open = 0, open_tools = 0, limited_until = NULL
            WHERE id = {id}
            """) == 1;
    }

    internal static bool RecordAwake(Tx tx, RunId id, TimeSpan awake) => tx.Execute(
        $"UPDATE runs SET awake_ms = {(long)awake.TotalMilliseconds} WHERE id = {id} AND state <> 'settled'") == 1;

    internal static bool AddUsage(Tx tx, RunId id, RunUsage more) => tx.Execute($"""
        UPDATE runs SET tokens_input = tokens_input + {more.Input}, tokens_output = tokens_output + {more.Output},
            tokens_cache_read = tokens_cache_read + {more.CacheRead}, tokens_cache_write = tokens_cache_write + {more.CacheWrite},
            usd_micros = CASE WHEN {Usd.ToMicros(more.Usd)} IS NULL THEN usd_micros ELSE coalesce(usd_micros, 0) + {Usd.ToMicros(more.Usd)} END
        WHERE id = {id}
        """) == 1;

    /// <summary>Somebody wants the run to end. False when somebody did before: the first reason stays.</summary>
    internal static bool RequestStop(Tx tx, RunId id, StopRequest stop) => tx.Execute($"""
        UPDATE runs SET stop_by = {stop.By}, stop_reason = {stop.Reason}, stop_at = {tx.Now} WHERE id = {id} AND state <> 'settled' AND stop_by IS NULL
        """) == 1;

    /// <summary>False when a fault is on record: the first one stays, what follows is its consequence.</summary>
    internal static bool RecordFault(Tx tx, RunId id, Fault fault) => tx.Execute($"""
        UPDATE runs SET fault_outcome = {fault.Outcome.Word()}, fault_class = {fault.Class.Word()}, fault_reason = {fault.Reason}
        WHERE id = {id} AND state <> 'settled' AND fault_outcome IS NULL
        """) == 1;

    internal static bool RecordFinish(Tx tx, RunId id) =>
        tx.Execute($"UPDATE runs SET finish_at = {tx.Now} WHERE id = {id} AND state <> 'settled' AND finish_at IS NULL") == 1;

    internal static bool RecordExit(Tx tx, RunId id, int? code) => tx.Execute(
        $"UPDATE runs SET exit_code = {code}, exit_at = {tx.Now}, turn_open = 0, open_tools = 0 WHERE id = {id} AND state <> 'settled' AND exit_at IS NULL") == 1;

    /// <summary>Stores what the worktree holds. A part that is null in <paramref name="result"/> keeps what was found before.</summary>
    internal static bool RecordResult(Tx tx, RunId id, RunResult result) => tx.Execute($"""
        UPDATE runs SET head = coalesce({result.Head}, head), commits = coalesce({result.Commits}, commits),
            files_changed = coalesce({result.FilesChanged}, files_changed), insertions = coalesce({result.Insertions}, insertions),
            deletions = coalesce({result.Deletions}, deletions), dirty = {TextList.Of(result.Dirty)},
            salvage_ref = coalesce({result.SalvageRef}, salvage_ref), summary = coalesce({result.Summary}, summary), note = coalesce({result.Note}, note)
        WHERE id = {id}
        """) == 1;

    /// <summary>Ends the run. Once: a second settle is false and changes nothing.</summary>
    internal static bool Settle(Tx tx, RunId id, Ending ending) => tx.Execute($"""
        UPDATE runs SET state = 'settled', ended_at = {tx.Now}, outcome = {ending.Outcome.Word()}, class = {ending.Class.Word()}, reason = {ending.Reason},
            ended_by = {ending.Actor}, retryable = {ending.Retryable}, resets_at = {ending.ResetsAt}, turn_open = 0, open_tools = 0,
            waiting_until = NULL, waiting_since = NULL
        WHERE id = {id} AND state <> 'settled'
        """) == 1;

    /// <summary>Deletes a settled run with its turns, messages and events. Numbers of other events do not change, and its own never come again.</summary>
    internal static bool Delete(Tx tx, RunId id)
    {
        if (tx.Number($"SELECT count(*) FROM runs WHERE id = {id} AND state = 'settled'") != 1) return false;
        tx.Execute($"UPDATE runs SET parent = NULL WHERE parent = {id}");
        tx.Execute($"UPDATE runs SET resume_of = NULL WHERE resume_of = {id}");
        tx.Execute($"UPDATE landings SET run = NULL WHERE run = {id}");
        tx.Execute($"DELETE FROM turns WHERE run = {id}");
        tx.Execute($"DELETE FROM steers WHERE run = {id}");
        tx.Execute($"DELETE FROM approvals WHERE run = {id}");
        tx.Execute($"DELETE FROM frames WHERE run = {id}");
        tx.Execute($"DELETE FROM inputs WHERE run = {id}");
        tx.Execute($"DELETE FROM tokens WHERE run = {id}");
        tx.Execute($"DELETE FROM events WHERE run = {id}");
        return tx.Execute($"DELETE FROM runs WHERE id = {id}") == 1;
    }
}
