using System.Text.Json;
using System.Text.Json.Serialization;
using Drover.Core;
using Drover.Server.Config;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>What a run was ordered with, as resolved when it was reserved. Later edits of <c>drover.yaml</c> do not reach it.</summary>
/// <param name="Entry">The agent's entry in the roster; a slot of <c>coder</c> with a count is <c>coder-2</c>.</param>
/// <param name="Program">Program and leading arguments; empty: the adapter's default.</param>
/// <param name="Pass">Variables of the server's own environment that the agent sees.</param>
internal sealed record RunSettings(
    string Entry, IReadOnlyList<string> Program, IReadOnlyDictionary<string, string> Environment, IReadOnlyList<string> Pass, string? Model, string? Profile,
    bool IsolatedHome, IReadOnlyDictionary<string, string> Options, RunLimits Limits, RunSandbox Sandbox,
    IReadOnlyList<RunCommand> PostCreate, IReadOnlyList<string> Symlinks, string Target, long SpoolQuota)
{
    /// <summary>Text after the vendor's own system prompt.</summary>
    public string? SystemPrompt { get; init; }

    /// <summary>Rows from before there were any have null here, whatever the property begins as.</summary>
    public IReadOnlyList<RunMcpServer> McpServers { get; init => field = value ?? []; } = [];

    /// <summary>How the agent's questions for permission are answered; null where nothing is configured.</summary>
    public RunApprovals? Approvals { get; init; }

    public static RunSettings Of(ProjectConfig project, AgentConfig agent, IReadOnlyList<string> program, BranchName target) => new(
        agent.Name, program, agent.Environment.Set, agent.Environment.Pass, agent.Model, agent.Profile, agent.Home == AgentHome.Isolated, agent.Options,
        new(agent.Limits.Idle, agent.Limits.Tool, agent.Limits.Wall, agent.Limits.Wait) { Turns = agent.Limits.Turns },
        new(project.Sandbox.Mode, project.Sandbox.Read, project.Sandbox.Write, project.Sandbox.Network),
        [.. project.PostCreate.Select(c => new RunCommand(c.Name, c.Arguments, c.Timeout))], project.Symlinks, target.Value, project.Retention.SpoolQuota)
    {
        SystemPrompt = agent.SystemPrompt,
        McpServers = [.. agent.McpServers.Select(s => new RunMcpServer(s.Key, s.Value.Command, s.Value.Environment.Set, s.Value.Environment.Pass))],
        Approvals = (agent.Approvals ?? project.Approvals) is { } policy ? RunApprovals.Of(policy) : null,
    };

    public string ToJson() => JsonSerializer.Serialize(this, RunSettingsJson.Default.RunSettings);

    public static RunSettings Parse(string json) =>
        JsonSerializer.Deserialize(json, RunSettingsJson.Default.RunSettings) ?? throw new FormatException("a run's settings are empty");
}

internal sealed record RunLimits(TimeSpan Idle, TimeSpan Tool, TimeSpan Wall, TimeSpan Wait)
{
    /// <summary>Null: as many as it takes.</summary>
    public int? Turns { get; init; }

    public TimeLimits Times => new(Idle, Tool, Wall);

    public Patience PatienceOf(RunRow run) => new(run.Wait.InARow, run.Wait.Before, Wait);
}

internal sealed record RunSandbox(SandboxMode Mode, IReadOnlyList<string> Read, IReadOnlyList<string> Write, bool Network);

/// <param name="Pass">Variables of the server's own environment that the tool server sees. Their values are read when it is planned and stored nowhere.</param>
internal sealed record RunMcpServer(string Name, IReadOnlyList<string> Command, IReadOnlyDictionary<string, string> Environment, IReadOnlyList<string> Pass);

/// <summary>A policy as it stands in a run's settings: its patterns as they were written.</summary>
internal sealed record RunApprovals(ApprovalChoice Default, IReadOnlyList<string> Allow, IReadOnlyList<string> Deny, TimeSpan Timeout, ApprovalChoice OnTimeout)
{
    public static RunApprovals Of(ApprovalPolicy policy) => new(
        policy.Default, [.. policy.Allow.Select(p => p.ToString())], [.. policy.Deny.Select(p => p.ToString())], policy.Timeout, policy.OnTimeout);

    public ApprovalPolicy ToPolicy() => new(Default, [.. Allow.Select(p => Pattern(p, true))], [.. Deny.Select(p => Pattern(p, false))], Timeout, OnTimeout);

    private static ApprovalPattern Pattern(string text, bool forAllowing) =>
        ApprovalPattern.Parse(text, forAllowing).Pattern ?? throw new FormatException($"a run's settings hold '{text}', which is no pattern");
}

internal sealed record RunCommand(string Name, IReadOnlyList<string> Arguments, TimeSpan Timeout);

[JsonSerializable(typeof(RunSettings))]
internal sealed partial class RunSettingsJson : JsonSerializerContext;
