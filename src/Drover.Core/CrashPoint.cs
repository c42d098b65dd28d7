namespace Drover.Core;

/// <summary>The places between an intent and its fact where the server can be made to die (<c>DROVER_CRASH_AT=WorktreeMade</c>, or
/// <c>WorktreeMade:3</c> for the third time), in any build. The kill test walks through all of them.</summary>
public enum CrashPoint
{
    /// <summary>The run is reserved; nothing exists yet.</summary>
    RunReserved,

    /// <summary>The worktree exists, the row does not know it.</summary>
    WorktreeMade,

    /// <summary>The project's <c>post_create</c> has run, the row does not know it.</summary>
    PostCreateRun,

    /// <summary>The run is to be started; no keeper has been launched.</summary>
    KeeperIntended,

    /// <summary>The keeper is launched, the row does not know its process.</summary>
    KeeperLaunched,

    /// <summary>Events, checkpoint, watermark and frames are stored; the frames are not yet in the agent's input file.</summary>
    FramesStored,

    /// <summary>Half of the frames are in the agent's input file.</summary>
    FramesHalfWritten,

    /// <summary>The frames are in the agent's input file, nothing else has happened.</summary>
    FramesWritten,

    /// <summary>An answer to an agent's question is stored; the agent's machine has not been given it.</summary>
    AnswerRecorded,

    /// <summary>New output has been read and understood, nothing of it is stored.</summary>
    OutputRead,

    /// <summary>The run waits for its vendor, and until when is stored; nothing else has happened.</summary>
    WaitStored,

    /// <summary>The turn has ended and the run is to be finished; the agent's process still lives.</summary>
    FinishIntended,

    /// <summary>The agent's process is gone, verified; the run is not settled.</summary>
    ProcessGone,

    /// <summary>The run's agent is to have another process, with the same conversation or a fresh one; until when it waits is stored, and what the former process has left still stands.</summary>
    SuccessorIntended,

    /// <summary>What the former process has left is gone; the row does not know it.</summary>
    RemnantsCleared,

    /// <summary>Uncommitted work is in its salvage ref, the row does not know it.</summary>
    Salvaged,

    /// <summary>The run is settled; the ticket has not moved.</summary>
    RunSettled,

    /// <summary>The tree that would land exists as objects, no row knows it.</summary>
    CandidateMade,

    /// <summary>The gates have passed, the receipt is not stored.</summary>
    GatesRun,

    /// <summary>The receipt is stored; the gate's checkout still stands.</summary>
    ReceiptStored,

    /// <summary>The landing is intended (old and new commit are stored); the target has not moved.</summary>
    LandingIntended,

    /// <summary>The target has moved; the landing is not stored.</summary>
    TargetMoved,

    /// <summary>The landing is stored; the user's checkout has not followed.</summary>
    LandingStored,

    /// <summary>A worktree is to be removed; it still stands.</summary>
    RemovalIntended,

    /// <summary>The worktree is gone, the row does not know it.</summary>
    WorktreeRemoved,
}
