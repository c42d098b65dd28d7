using System.Globalization;
using Drover.Core;

namespace Drover.Server.Config;

/// <summary>An entry of the roster.</summary>
internal sealed record AgentConfig
{
    internal required string Name { get; init; }

    internal required string Adapter { get; init; }

    /// <summary>Program and leading arguments; empty: the machine's command for the adapter, else the adapter's default.</summary>
    internal required IReadOnlyList<string> Command { get; init; }

    internal required IReadOnlySet<Role> Roles { get; init; }

    /// <summary>Null: the vendor's default.</summary>
    internal string? Model { get; init; }

    /// <summary>Durable text on how the agent is to behave, given with each run. Null: none.</summary>
    internal string? Profile { get; init; }

    internal required AgentEnvironment Environment { get; init; }

    internal required AgentLimits Limits { get; init; }

    /// <summary>Null: the project's.</summary>
    internal ApprovalPolicy? Approvals { get; init; }

    internal int Count { get; init; } = 1;

    internal AgentHome Home { get; init; }

    /// <summary>Whose login it uses: agents of one adapter and account share the vendor's limits.</summary>
    internal string Account => Home == AgentHome.User ? "user" : Name;

    /// <summary>Settings that only the adapter knows, by name.</summary>
    internal required IReadOnlyDictionary<string, string> Options { get; init; }

    /// <summary>Text after the vendor's own system prompt. Null: none.</summary>
    internal string? SystemPrompt { get; init; }

    /// <summary>Tool servers that the agent starts, by name.</summary>
    internal required IReadOnlyDictionary<string, McpConfig> McpServers { get; init; }

    /// <summary>The names under which the entry's agents work: its own, or <c>coder-1</c> … <c>coder-3</c> with a count of 3.</summary>
    internal IEnumerable<string> Slots =>
        Count == 1 ? [Name] : Enumerable.Range(1, Count).Select(n => $"{Name}-{n.ToString(CultureInfo.InvariantCulture)}");
}

/// <summary>Whose login and settings the agent's program uses: the user's own, or a directory kept for the roster entry alone.</summary>
internal enum AgentHome { User, Isolated }

/// <param name="Pass">Variables of the server's own environment that the agent sees beside the few of the allow-list.</param>
/// <param name="Set">Variables with their values.</param>
internal sealed record AgentEnvironment(IReadOnlyList<string> Pass, IReadOnlyDictionary<string, string> Set);

/// <summary>A tool server that the agent starts.</summary>
internal sealed record McpConfig(IReadOnlyList<string> Command, AgentEnvironment Environment);

/// <param name="Idle">Without a sign of life, while no tool call is open. Trouble, limits and retries that the agent tells of are none.</param>
/// <param name="Tool">For one tool call.</param>
/// <param name="Wall">For the whole run. Time in which the machine slept or the server was down counts for none of them.</param>
/// <param name="Wait">For the vendor in all: until a limit is lifted, until it has capacity again.</param>
internal sealed record AgentLimits(TimeSpan Idle, TimeSpan Tool, TimeSpan Wall, TimeSpan Wait)
{
    /// <summary>For the whole run. Null: as many as it takes.</summary>
    public int? Turns { get; init; }
}
