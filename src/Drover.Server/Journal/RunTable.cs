using Drover.Agents;
using Drover.Core;

namespace Drover.Server.Journaling;

/// <summary>The runs: how they come, are found and go. What becomes of them in between stands beside this.</summary>
internal static partial class RunTable
{
    /// <summary>Reserves a run, with its name, its agent and its place on the attempt.</summary>
    /// <param name="run">In state <see cref="RunState.Reserved"/>; what comes later (process, progress, result) is not read.</param>
    /// <param name="tokenHash">The hash of the run's token. It is in no row record, so it gets into no answer.</param>
    /// <exception cref="ConstraintException">The name is taken, or the agent, the role on the attempt or the project's checkout is busy.</exception>
    internal static void Insert(Tx tx, RunRow run, RunOrder order, string tokenHash) => tx.Execute($"""
        INSERT INTO runs (id, project, ticket, attempt, role, agent, adapter, name, node, parent, resume_of, state, created_at, no_worktree, cleanup,
            worktree, base, model, instruction, prompt, settings, command, token_hash, conversation, vendor_conversation,
            watermark, input_end, input_closed, turn_open, open_tools, awake_ms, commit_asks, retryable, dirty,
            tokens_input, tokens_output, tokens_cache_read, tokens_cache_write, resume_vendor_id, fresh_reason, fork_of, entry, account)
        VALUES ({run.Id}, {run.Project}, {run.Ticket}, {run.Attempt}, {run.Role.Word()}, {run.Agent}, {run.Adapter}, {run.Name}, {run.Node}, {run.Parent},
            {run.ResumeOf}, {run.State.Word()}, {run.CreatedAt}, {run.NoWorktree}, {run.Cleanup}, {run.Worktree}, {run.Base}, {run.Model},
            {order.Instruction}, {order.Prompt}, {order.Settings}, {TextList.Of(order.Command)}, {tokenHash}, {run.Conversation.Id}, {run.Conversation.VendorId},
            0, 0, 0, 0, 0, 0, 0, 0, '[]', 0, 0, 0, 0, {run.ResumeVendorId}, {run.FreshReason}, {run.ForkOf}, {run.Entry}, {run.Account})
        """);

    internal static RunRow? Get(Db db, RunId id) => db.One($"SELECT {RunColumns.All} FROM runs WHERE id = {id}", RunColumns.Read);

    internal static RunRow? ByName(Db db, ProjectId project, RunName name) =>
        db.One($"SELECT {RunColumns.All} FROM runs WHERE project = {project} AND name = {name}", RunColumns.Read);

    internal static RunRow? ByTokenHash(Db db, string hash) =>
        db.One($"SELECT {RunColumns.All} FROM runs WHERE token_hash = {hash}", RunColumns.Read);

    internal static RunOrder? OrderOf(Db db, RunId id) => db.One(
        $"SELECT instruction, prompt, settings, command, process_prompt FROM runs WHERE id = {id}",
        row => new RunOrder(row.TextOrNull(), row.TextOrNull(), row.Text(), row.Texts()) { GoOn = row.TextOrNull() });

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
        WHERE r.state <> 'settled' OR (a.worktree_state IN ('making', 'made', 'removing') AND a.landed_at IS NULL AND (r.cleanup = 1 OR r.begun_at IS NULL))
        ORDER BY r.created_at, r.id
        """, row => row.Run());

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
