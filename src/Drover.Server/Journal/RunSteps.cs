using Drover.Agents;
using Drover.Core;

namespace Drover.Server.Journaling;

/// <summary>The small steps in which a run is written, each guarded by the state it expects: false = "too late".</summary>
internal static partial class RunTable
{
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
            prompt_message = {progress.PromptMessage}, prompt_written_at = {progress.PromptWrittenAt}, accepted_at = {progress.AcceptedAt}, begun_at = coalesce(begun_at, {progress.AcceptedAt}),
            turn_open = {progress.TurnOpen}, open_tools = {progress.OpenTools}, last_event_at = {progress.LastEventAt},
            limited_until = {progress.LimitedUntil}, commit_asks = {progress.CommitAsks},
            checkpoint_version = {checkpoint.Version}, checkpoint = {checkpoint.Json}
        WHERE id = {id} AND watermark = {expectedWatermark} AND state <> 'settled'
        """) == 1;

    internal static bool RecordSilence(Tx tx, RunId id, SilenceFact? silence) => tx.Execute($"""
        UPDATE runs SET silent_limit = {silence?.Limit.Word()}, silent_since = {silence?.Since} WHERE id = {id} AND state <> 'settled'
        """) == 1;

    /// <param name="at">When a look at its process failed; null when one has succeeded.</param>
    internal static bool RecordLook(Tx tx, RunId id, DateTimeOffset? at) =>
        tx.Execute($"UPDATE runs SET look_failed_at = {at} WHERE id = {id} AND state <> 'settled'") == 1;

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

    /// <summary>Adds to what a human should know of the run. The same is not said twice.</summary>
    internal static bool AddNote(Tx tx, RunId id, string note) => tx.Execute($"""
        UPDATE runs SET note = CASE WHEN note IS NULL THEN {note} ELSE note || char(10) || {note} END
        WHERE id = {id} AND state <> 'settled' AND instr(coalesce(note, ''), {note}) = 0
        """) == 1;

    /// <summary>Ends the run. Once: a second settle is false and changes nothing.</summary>
    internal static bool Settle(Tx tx, RunId id, Ending ending) => tx.Execute($"""
        UPDATE runs SET state = 'settled', ended_at = {tx.Now}, outcome = {ending.Outcome.Word()}, class = {ending.Class.Word()}, reason = {ending.Reason},
            ended_by = {ending.Actor}, retryable = {ending.Retryable}, resets_at = {ending.ResetsAt}, turn_open = 0, open_tools = 0,
            waiting_until = NULL, waiting_since = NULL
        WHERE id = {id} AND state <> 'settled'
        """) == 1;
}
