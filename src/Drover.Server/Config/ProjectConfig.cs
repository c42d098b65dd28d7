using Drover.Core;
using Drover.Node.Merging;

namespace Drover.Server.Config;

/// <summary>A project's settings as one commit of its target branch has them in <c>drover.yaml</c>: read whole, checked whole, never changed.</summary>
internal sealed record ProjectConfig
{
    internal required string Name { get; init; }

    /// <summary>As written; it stands in the names of runs without ticket.</summary>
    internal required string Prefix { get; init; }

    /// <summary>Null: the repository's default branch.</summary>
    internal BranchName? Target { get; init; }

    /// <summary>In the order of the file. At least one has the role coder.</summary>
    internal required IReadOnlyList<AgentConfig> Agents { get; init; }

    /// <summary>In the order they run. Empty: nothing is checked.</summary>
    internal required IReadOnlyList<CommandConfig> Gates { get; init; }

    /// <summary>Run in a new worktree before its first agent.</summary>
    internal required IReadOnlyList<CommandConfig> PostCreate { get; init; }

    /// <summary>Paths relative to the repository that are linked from the project's checkout into each worktree.</summary>
    internal required IReadOnlyList<string> Symlinks { get; init; }

    internal MergePolicy Merge { get; init; }

    internal LandMethod Land { get; init; }

    /// <summary>Null: the repository's own <c>user.name</c> and <c>user.email</c>, else Drover.</summary>
    internal Committer? Committer { get; init; }

    internal required ProtectedPaths Protected { get; init; }

    internal required SandboxConfig Sandbox { get; init; }

    /// <summary>Null: what is asked inside the sandbox is allowed, and outside of it denied.</summary>
    internal ApprovalPolicy? Approvals { get; init; }

    internal required ProjectLimits Limits { get; init; }

    /// <summary>How often failed work is begun again, and finished work sent back.</summary>
    internal required PipelineLimits Pipeline { get; init; }

    internal required Retention Retention { get; init; }

    /// <summary>What stands before the dash of a ticket's key.</summary>
    internal string KeyPrefix => TicketKey.PrefixFrom(Prefix);
}

/// <param name="Name">The gate's name, unique among the gates; for other commands what a person is shown.</param>
/// <param name="Arguments">Program and arguments. A shell line of the file is <c>/bin/sh -c LINE</c>.</param>
internal sealed record CommandConfig(string Name, IReadOnlyList<string> Arguments, TimeSpan Timeout);

/// <param name="Read">Absolute paths that are visible in the sandbox beside the system's own.</param>
/// <param name="Write">Absolute paths that may be written beside the worktree.</param>
internal sealed record SandboxConfig(SandboxMode Mode, IReadOnlyList<string> Read, IReadOnlyList<string> Write, bool Network);

/// <param name="Runs">The most runs of the project at the same time; exempt roles do not count.</param>
/// <param name="PerRole">The most for single roles, where the file says so; likewise the others.</param>
/// <param name="Stages">The most tickets in single stages.</param>
internal sealed record ProjectLimits(
    int Runs, IReadOnlyDictionary<Role, int> PerRole, IReadOnlyDictionary<string, int> PerAgent, IReadOnlyDictionary<string, int> PerAdapter, IReadOnlyDictionary<Stage, int> Stages)
{
    internal ProjectCaps Caps => new(Runs, PerRole, PerAgent, PerAdapter, Stages);
}

/// <param name="SpoolQuota">Bytes of a live run's raw output that stay on disk once they have been read.</param>
internal sealed record Retention(long SpoolQuota);
