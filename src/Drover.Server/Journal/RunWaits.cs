using Drover.Core;

namespace Drover.Server.Journaling;

/// <summary>A run's waits for its vendor, and the further processes of its agent. False = "too late".</summary>
internal static partial class RunTable
{
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

    /// <summary>The wait is over and was none for the vendor: it counts for nothing. False when it did not wait.</summary>
    internal static bool ForgoWait(Tx tx, RunId id) =>
        tx.Execute($"UPDATE runs SET waiting_until = NULL, waiting_since = NULL WHERE id = {id} AND waiting_until IS NOT NULL") == 1;

    /// <summary>The agent has got on with its work: the next wait is a first one.</summary>
    internal static bool ForgetWaits(Tx tx, RunId id) => tx.Execute($"UPDATE runs SET waits = 0 WHERE id = {id} AND waits > 0") == 1;

    /// <summary>The run's agent is to have another process. From now on the row tells of that one: a run that starts, with all that it was, but without process, checkpoint
    /// and input. What the former process has left is to be cleared away first: <see cref="RemnantsCleared"/>.</summary>
    /// <param name="goOn">What it is told first in place of the run's prompt; null for that prompt.</param>
    internal static bool GoOnWithSame(Tx tx, RunId id, string? goOn) => Succeed(tx, id, Successor.SameConversation) && tx.Execute($"""
        UPDATE runs SET resume_vendor_id = vendor_conversation, process_prompt = {goOn} WHERE id = {id}
        """) == 1;

    /// <summary>The same without the conversation, and so with the full prompt, which is to be made anew.</summary>
    /// <param name="reason">Why it is not gone on with.</param>
    internal static bool GoOnAfresh(Tx tx, RunId id, string reason) => Succeed(tx, id, Successor.FreshConversation) && tx.Execute($"""
        UPDATE runs SET resume_vendor_id = NULL, conversation = NULL, vendor_conversation = NULL, fresh_reason = {reason}, prompt = NULL, process_prompt = NULL
        WHERE id = {id}
        """) == 1;

    private static bool Succeed(Tx tx, RunId id, Successor successor)
    {
        if (tx.Execute($"""
            UPDATE runs SET successor = {successor.Word()}, state = 'starting', process_number = process_number + 1, process_spool = watermark,
                process_turn = (SELECT coalesce(max(number), 0) FROM turns WHERE run = {id}),
                command = '[]', sandbox = NULL, containment = NULL, boot_id = NULL, pid = NULL, pid_start = NULL, exit_code = NULL, exit_at = NULL,
                finish_at = NULL, look_failed_at = NULL, checkpoint_version = NULL, checkpoint = NULL, input_end = 0, input_closed = 0, handshake_at = NULL,
                prompt_message = NULL, prompt_written_at = NULL, accepted_at = NULL, turn_open = 0, open_tools = 0, limited_until = NULL
            WHERE id = {id} AND state = 'stopping' AND exit_at IS NOT NULL
            """) != 1) return false;
        FrameTable.DeleteOf(tx, id);
        InputTable.DeleteOf(tx, id);
        return true;
    }

    /// <summary>Nothing of the former process is left: the next one may be started.</summary>
    internal static bool RemnantsCleared(Tx tx, RunId id) =>
        tx.Execute($"UPDATE runs SET successor = NULL WHERE id = {id} AND successor IS NOT NULL AND state = 'starting'") == 1;
}
