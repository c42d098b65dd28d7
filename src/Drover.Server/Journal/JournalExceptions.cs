namespace Drover.Server.Journaling;

/// <summary>The journal cannot be opened as it is. The message says what to do; nothing was changed.</summary>
internal sealed class JournalRefusedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Another server holds this <c>DROVER_HOME</c>.</summary>
/// <param name="pid">The holder's process id; null when it could not be read.</param>
internal sealed class JournalHeldException(string home, int? pid) : Exception(
    $"another Drover server{(pid is { } p ? $" (pid {p})" : "")} uses {home}. Stop it with `drover down`, or give this one its own DROVER_HOME.")
{
    public int? Pid { get; } = pid;
}

/// <summary>The disk or the file failed (full, read-only, I/O error): what was asked is not stored. The writer goes on and may be asked again.</summary>
internal sealed class JournalWriteException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The journal is being closed; what was asked is not stored.</summary>
internal sealed class JournalClosedException() : Exception("the server is shutting down; ask again when it is up");

/// <summary>A row would break a rule of the schema. Nothing of the command is stored.</summary>
/// <param name="rule">SQLite's words for it, for example <c>UNIQUE constraint failed: index 'one_active_run_per_role'</c>.</param>
internal sealed class ConstraintException(string rule, Exception inner) : Exception(rule, inner);
