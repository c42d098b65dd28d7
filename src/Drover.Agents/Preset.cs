namespace Drover.Agents;

/// <summary>A known agent program and the adapter that drives it. <c>drover init</c> looks for these on a machine.</summary>
/// <param name="Name">Short, and the program's own name where it has one.</param>
/// <param name="Title">What its makers call it.</param>
/// <param name="Command">Program and arguments; the first element is what is looked for on the PATH.</param>
/// <param name="IsDefault">Whether the adapter starts exactly this when no command is configured.</param>
/// <param name="Install">The command that installs it.</param>
public sealed record Preset(string Name, string Title, string Adapter, IReadOnlyList<string> Command, bool IsDefault, string Install)
{
    /// <summary>The environment in which the program talks to the model server at this address, with a key that is worth nothing; null when it cannot.</summary>
    public Func<string, IReadOnlyDictionary<string, string>>? AgainstModelServer { get; init; }
}

public static class Presets
{
    /// <summary>The best first: it becomes the coder when several are installed.</summary>
    public static IReadOnlyList<Preset> All { get; } =
    [
        new("claude", "Claude Code", "claude", ["claude"], true, "npm install -g @anthropic-ai/claude-code")
        {
            AgainstModelServer = url => new Dictionary<string, string> { ["ANTHROPIC_BASE_URL"] = url, ["ANTHROPIC_API_KEY"] = "rehearsal" },
        },
        new("gemini", "Gemini CLI", "acp", ["gemini", "--acp"], false, "npm install -g @google/gemini-cli"),
        new("opencode", "OpenCode", "acp", ["opencode", "acp"], false, "npm install -g opencode-ai"),
        new("codex", "Codex over ACP", "acp", ["codex-acp"], false, "npm install -g @agentclientprotocol/codex-acp"),
        new("qwen", "Qwen Code", "acp", ["qwen", "--acp"], false, "npm install -g @qwen-code/qwen-code"),
    ];

    /// <summary>The scripted agent, for whoever has none.</summary>
    /// <param name="program">Where drover-rehearsal is.</param>
    /// <param name="script">A file, or <c>builtin:NAME</c>.</param>
    public static Preset Scripted(string program, string script) => new(
        "scripted", "the scripted agent", "claude", [program, "agent", "--protocol", "stream-json", "--script", script], false, "it comes with Drover");
}
