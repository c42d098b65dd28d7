namespace Drover.Core;

/// <summary>How far a run has come. It moves only forward, but for one step: from <see cref="Stopping"/> back to <see cref="Starting"/> when its agent is given
/// another process. <see cref="Settled"/> is its end.</summary>
public enum RunState
{
    /// <summary>Row, name, agent and attempt are taken; nothing exists yet.</summary>
    Reserved,

    /// <summary>The worktree is being made.</summary>
    Preparing,

    /// <summary>The keeper and the agent are being started; the first prompt is not yet accepted.</summary>
    Starting,

    /// <summary>The agent has accepted the first prompt.</summary>
    Live,

    /// <summary>The agent's process is being ended.</summary>
    Stopping,

    /// <summary>Ended, with an outcome, a reason and an actor.</summary>
    Settled,
}

public enum Outcome { Succeeded, Failed, Interrupted, Stopped, Lost }

/// <summary>Why a run or a turn failed, in words that mean the same for every vendor.</summary>
public enum FailureClass
{
    Auth, RateLimit, UsageLimit, Overloaded, Context, MaxTurns, Budget, Refused, Connection,
    Crashed, Killed, Silent, Protocol, NoCommits, Other,
}

/// <summary>What a human is shown; derived from facts, first match wins, in this order.</summary>
public enum RunStatus { Lost, Stopped, Interrupted, Failed, Succeeded, Stopping, Unknown, NeedsInput, Limited, Stuck, Starting, Working, Idle }

public enum Role { Intake, Orchestrator, Coder, Reviewer, Merger, Investigator }

public static class Roles
{
    /// <summary>Whether a run of the role changes its worktree; at most one such run works on an attempt.</summary>
    public static bool Writes(this Role role) => role switch
    {
        Role.Coder or Role.Merger => true,
        Role.Intake or Role.Orchestrator or Role.Reviewer or Role.Investigator => false,
    };

    /// <summary>Orchestrators take no agent slot, no cap and no stall rule.</summary>
    public static bool IsExempt(this Role role) => role switch
    {
        Role.Orchestrator => true,
        Role.Coder or Role.Merger or Role.Intake or Role.Reviewer or Role.Investigator => false,
    };
}
